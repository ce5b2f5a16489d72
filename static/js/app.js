/* What every page does beyond links and forms. Each module stands alone: if one fails, pages still work. */
import "./confirm.js";
import "./dialog.js";
import "./focus.js";
import "./menus.js";
import "./rows.js";
import "./search.js";
import "./tabs.js";
import "./theme.js";
import "./toasts.js";
import "./wire.js";
