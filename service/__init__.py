"""Lesson 07's network as a service: `python -m service`. Its parts, in reading order:

model.py      loads the one file that holds network, vocabulary and cleaning
gather.py     gathers what arrives together into one pass through the network
guard.py      key, size, time: what happens to a request before the application sees it
base.py       what every application has: health, and refusals in sentences
app.py        the application: two dialects, health, metrics, the page in the browser
pictures.py   the same for a classifier of pictures, lesson 10's one file
__main__.py   starts it
local.py      starts it from a notebook or a test, and always stops it
web/          the page that reads digits in the browser
scale/        the same application on several machines
"""
