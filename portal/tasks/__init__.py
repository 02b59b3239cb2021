"""One row for each thing that waits for somebody. A person's home and the weekly digest read nothing else."""
