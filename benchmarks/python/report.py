"""Prints the measures of a run as a table, and writes the ratios to a file.

    report.py MEASURES [--csv FILE]

MEASURES has lines case,rival,phase,seconds,rows. Warm figures are medians.
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
    return {key: rows[key[0]] / statistics.median(took) for key, took in seconds.items()}


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measures")
    parser.add_argument("--csv")
    arguments = parser.parse_args()
    lines = ratios(read(arguments.measures))
    print(f"\n{'case':28}{'rival':20}{'ours, rows/s':>14}{'theirs':>14}{'ours/theirs':>13}")
    for case, rival, ours, theirs, ratio in lines:
        print(f"{case:28}{rival:20}{ours:14,.0f}{theirs:14,.0f}{ratio:13.2f}")
    if arguments.csv:
        with open(arguments.csv, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["case", "rival", "ours", "theirs", "ratio"])
            for case, rival, ours, theirs, ratio in lines:
                writer.writerow([case, rival, f"{ours:.0f}", f"{theirs:.0f}", f"{ratio:.3f}"])


if __name__ == "__main__":
    main()
