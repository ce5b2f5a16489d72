"""The demo office: invented people in the real communes of one province, with a term of work behind them."""
