"""What it means: experiments, measures, targets, tables, figures, reports."""
