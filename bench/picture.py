"""The picture of the document: bars on a logarithmic scale, readable in light and in dark."""

import math
from html import escape

from bench.results import Bar

WIDTH, LEFT, RIGHT = 760, 290, 80
ROW, THICK, TOP, BOTTOM = 30, 18, 40, 34
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 15px }
  .scale { font-size: 11px; fill: #57606a }
  line { stroke: #d0d7de }
  .ours { fill: #a4262c } .files { fill: #57606a } .others { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .scale { fill: #9da7b1 } line { stroke: #30363d }
    .ours { fill: #ff7b72 } .files { fill: #9da7b1 } .others { fill: #6e7681 }
  }
"""


def picture(bars: list[Bar]) -> str:
    """Return an SVG of pages a second, the fastest first."""
    bars = sorted(bars, key=lambda bar: -bar.rate)
    decades = math.ceil(math.log10(max((bar.rate for bar in bars), default=10)))
    lowest = min(0, math.floor(math.log10(min((bar.rate for bar in bars), default=1))))
    height = TOP + ROW * len(bars) + BOTTOM

    def place(rate: float) -> float:
        share = (math.log10(rate) - lowest) / (decades - lowest)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Pages a second</title>",
        f"<style>{STYLE}</style>",
        '<text class="title" x="12" y="24">Pages a second, one core, logarithmic</text>',
    ]
    for power in range(lowest, decades + 1):
        x = place(10.0**power)
        parts.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP}" y2="{height - BOTTOM}"/>')
        parts.append(
            f'<text class="scale" x="{x:.0f}" y="{height - 14}" text-anchor="middle">'
            f"{said(10.0**power)}</text>"
        )
    for number, bar in enumerate(bars):
        y, end = TOP + ROW * number + 6, place(bar.rate)
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 14}" text-anchor="end">{escape(bar.label)}</text>',
            f'<path class="{bar.group}" d="M{LEFT} {y}h{max(end - LEFT, 1):.0f}v{THICK}H{LEFT}z"/>',
            f'<text x="{end + 8:.0f}" y="{y + 14}">{said(bar.rate)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def said(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
