"""What every room stands on. Knows no domain: nothing here has heard of a candidate or an employer."""
