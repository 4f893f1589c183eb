"""The story of the seed's notice: who writes what and when (letters.toml), what must come of it
(expected.csv), and the days of June 2019 that the demo plays."""
