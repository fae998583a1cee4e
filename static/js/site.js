// What every page runs. Each module attaches itself to the data- attributes it knows.
import "./personal.js";
import "./relative-time.js";
import "./copy.js";
import "./embeds.js";
import "./comments.js";
import "./bubble.js";
import "./live.js";
import "./passages.js";
