// What every page runs. Each module attaches itself to the data- attributes it knows.
import "./personal.js";
import "./comments.js";
import "./embeds.js";
import "./donations.js";
