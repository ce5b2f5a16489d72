"""Vietnamese as an office needs it: names, spelling, numbers, dates and the lunar calendar.

Plain functions of plain values; `planner.vietnamese.units` holds the administrative units.
"""

from planner.vietnamese.lunar import (
    LunarDate,
    lunar_date,
    lunar_short,
    lunar_words,
    lunar_year_name,
    solar_date,
)
from planner.vietnamese.names import (
    SORT_KEY_LENGTH,
    Name,
    fold,
    normalise_name,
    proper_case,
    sort_key,
    split_name,
    text_key,
    unit_name,
    without_title,
)
from planner.vietnamese.reading import (
    PartialDate,
    Unreadable,
    nearest_date,
    parse_date,
    parse_partial_date,
    parse_time,
    parse_times,
    parse_weekday,
)
from planner.vietnamese.spelling import Spelling, respell
from planner.vietnamese.times import (
    WEEKDAYS,
    HalfDay,
    date_short,
    date_words,
    full_date_words,
    half_day_of,
    time_short,
    time_words,
    weekday_words,
)
from planner.vietnamese.words import from_roman, number_words, ordinal_words, roman, times_ordinal

__all__ = [
    "SORT_KEY_LENGTH",
    "WEEKDAYS",
    "HalfDay",
    "LunarDate",
    "Name",
    "PartialDate",
    "Spelling",
    "Unreadable",
    "date_short",
    "date_words",
    "fold",
    "from_roman",
    "full_date_words",
    "half_day_of",
    "lunar_date",
    "lunar_short",
    "lunar_words",
    "lunar_year_name",
    "nearest_date",
    "normalise_name",
    "number_words",
    "ordinal_words",
    "parse_date",
    "parse_partial_date",
    "parse_time",
    "parse_times",
    "parse_weekday",
    "proper_case",
    "respell",
    "roman",
    "solar_date",
    "sort_key",
    "split_name",
    "text_key",
    "time_short",
    "time_words",
    "times_ordinal",
    "unit_name",
    "weekday_words",
    "without_title",
]
