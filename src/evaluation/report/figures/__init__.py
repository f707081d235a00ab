"""The charts: numbers in, SVG and its alternative text out; nothing here knows a study or a table.

| question | chart |
|---|---|
| what changed, per region or per section of the leaflet | change.change_chart |
| who lags behind whom | gaps.gap_chart |
| how did it go over the waves | trend.trend_chart |
| where (supply, adoption, awareness) | tiles.tile_map |
| from printed to discussed; what it cost | stages.stage_chart |
| supply over time, by channel or language | columns.column_chart |
| estimates side by side with their intervals | bars.dot_chart |
| counts | bars.bar_chart |
| how precise would a design be | curves.curve_chart |
"""

from evaluation.report.figures.svg import Drawing

__all__ = ["Drawing"]
