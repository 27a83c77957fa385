"""A generated program to look at and to measure with: `firsthand demo --size S|M|L --seed N`. Invented from end to end."""
