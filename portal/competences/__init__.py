"""The catalogue of sectors, occupations and competences in three languages."""
