// What this browser keeps for the reader. Where storage is barred, nothing is kept.

export function stored(name, area = "localStorage") {
  try {
    return window[area].getItem(name);
  } catch {
    return null;
  }
}

export function store(name, value, area = "localStorage") {
  try {
    window[area].setItem(name, value);
  } catch {
    // It is not remembered, then.
  }
}
