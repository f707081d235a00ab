"""The writers: each renders one report model (`evaluation.report.model.Report`) and computes nothing."""
