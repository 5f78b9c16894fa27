"""Prints the measures of a run as a table, and writes it to a file.

    report.py speed|copies|growth MEASURES [--csv FILE]

For speed, MEASURES has lines case,rival,phase,seconds,rows; warm figures are medians of the later half
of the rounds, when compilers have come to rest. For copies and growth it has the lines of CopiesMain and GrowthMain, which are the table.
"""

import argparse
import csv
import statistics
from collections import defaultdict

RIVALS = ["synapseml", "pandas_udf", "predict_batch_udf"]


def read(path):
    """Rows per second by (case, rival, phase)."""
    seconds, rows = defaultdict(list), {}
    with open(path, newline="") as lines:
        for case, rival, phase, took, count in csv.reader(lines):
            seconds[case, rival, phase].append(float(took))
            rows[case] = int(count)
    later = {key: took[len(took) // 2 :] for key, took in seconds.items()}
    return {key: rows[key[0]] / statistics.median(took) for key, took in later.items()}


def limits(rates):
    """Rows per second of scan and engine one after the other, by case."""
    found = {}
    for case, rival, phase in rates:
        if (rival, phase) == ("scan", "warm") and (case, "engine", "warm") in rates:
            scan, engine = rates[case, "scan", "warm"], rates[case, "engine", "warm"]
            found[case] = 1 / (1 / scan + 1 / engine)
    return found


def ratios(rates):
    """Lines (case, rival, ours, theirs, ratio), rows/s and ours through theirs."""
    lines = []
    for case in dict.fromkeys(case for case, _, _ in rates):
        for phase in ("cold", "warm"):
            ours = rates.get((case, "ours", phase))
            for rival in RIVALS:
                theirs = rates.get((case, rival, phase))
                if ours and theirs:
                    lines.append((f"{case} {phase}", rival, ours, theirs, ours / theirs))
        limit, ours = limits(rates).get(case), rates.get((case, "ours", "warm"))
        if limit and ours:
            lines.append((f"{case} warm", "limit", ours, limit, ours / limit))
    return lines


COPIES = [
    ("case", "{:18}"),
    ("child", "{:>8}"),
    ("rows a batch", "{:>13}"),
    ("input B/row", "{:>12}"),
    ("copied in", "{:>10}"),
    ("output B/row", "{:>13}"),
    ("copied out", "{:>11}"),
    ("objects/batch", "{:>14}"),
    ("B/batch", "{:>10}"),
    ("of output", "{:>10}"),
]
GROWTH = [
    ("case", "{:18}"),
    ("rows", "{:>12}"),
    ("rows/s", "{:>12}"),
    ("more rows", "{:>12}"),
    ("rows/s then", "{:>12}"),
    ("ratio", "{:>7}"),
    ("heap MB, first third", "{:>21}"),
    ("last third", "{:>11}"),
]


def table(columns, lines):
    """Prints lines under the names of their columns."""
    print()
    for line in [[name for name, _ in columns], *lines]:
        print("".join(width.format(value) for (_, width), value in zip(columns, line)))


def write(path, header, lines):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def speed(path, out):
    lines = ratios(read(path))
    print(f"\n{'case':28}{'rival':20}{'ours, rows/s':>14}{'theirs':>14}{'ours/theirs':>13}")
    for case, rival, ours, theirs, ratio in lines:
        print(f"{case:28}{rival:20}{ours:14,.0f}{theirs:14,.0f}{ratio:13.2f}")
    if out:
        rounded = [[c, r, f"{o:.0f}", f"{t:.0f}", f"{ratio:.3f}"] for c, r, o, t, ratio in lines]
        write(out, ["case", "rival", "ours", "theirs", "ratio"], rounded)


def plain(columns, path, out):
    with open(path, newline="") as file:
        lines = list(csv.reader(file))
    table(columns, lines)
    if out:
        write(out, [name for name, _ in columns], lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "copies", "growth"])
    parser.add_argument("measures")
    parser.add_argument("--csv")
    arguments = parser.parse_args()
    if arguments.what == "speed":
        speed(arguments.measures, arguments.csv)
    else:
        plain(COPIES if arguments.what == "copies" else GROWTH, arguments.measures, arguments.csv)


if __name__ == "__main__":
    main()
