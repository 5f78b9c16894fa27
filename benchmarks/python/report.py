"""Prints the measures of a run as a table, and writes it to a file.

    report.py speed|copies|growth|gpu MEASURES [--csv FILE]

For speed, MEASURES has lines case,rival,phase,seconds,rows; warm figures are medians of the later half
of the rounds, when compilers have come to rest. For copies and growth it has the lines of CopiesMain and GrowthMain, which are the table.
For gpu it has lines case,measure,value, to which fractions and ratios are added.
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


GPU = [
    ("case", "{:16}"),
    ("rows", "{:>9}"),
    ("rows/s", "{:>12}"),
    ("GFLOP/s", "{:>10}"),
    ("of peak", "{:>9}"),
    ("steps", "{:>7}"),
    ("on CPU", "{:>8}"),
    ("bus B/row", "{:>11}"),
    ("overlapped", "{:>12}"),
    ("x CPU", "{:>8}"),
    ("x rival", "{:>9}"),
    ("  rival", "{}"),
]


def read_gpu(path):
    """Values by measure by case."""
    cases = defaultdict(dict)
    with open(path, newline="") as lines:
        for case, measure, value in csv.reader(lines):
            cases[case][measure] = value
    return cases


def derive(values, peak):
    """Adds what follows from measures: numbers, where all that they need is there."""
    number = {name: float(values[name]) for name in values if name != "rival"}
    if "FLOP/row" in number and "rows/s" in number:
        values["GFLOP/s"] = number["GFLOP/s"] = 1e-9 * number["FLOP/row"] * number["rows/s"]
    if peak and "GFLOP/s" in number:
        values["of peak"] = number["GFLOP/s"] / peak
    for name, other in (("x CPU", "CPU rows/s"), ("x rival", "rival rows/s")):
        if "rows/s" in number and other in number:
            values[name] = number["rows/s"] / number[other]


def shown(values, name, form):
    return format(float(values[name]), form) if name in values else "-"


def gpu(path, out):
    cases = read_gpu(path)
    device = cases.pop("device")
    peak = float(device["peak GFLOP/s"]) if "peak GFLOP/s" in device else None
    name = "" if device["name"] in device["id"] else f"{device['name']}, "
    print(f"\n{device['id']}: {name}driver {device['driver']}")
    print(
        f"peak {f'{peak:,.0f}' if peak else '?'} GFLOP/s: {device['units']} units,"
        f" {device['MHz']} MHz, {device['lanes'] if peak else '?'} lanes a unit"
    )
    print(f"results before timing: the CPU's {device['compared']}")
    lines = []
    for case, values in cases.items():
        derive(values, peak)
        lines.append(
            [
                f"{case} {values['size']}³" if "size" in values else case,
                shown(values, "rows", ",.0f"),
                shown(values, "rows/s", ",.0f" if float(values.get("rows/s", 0)) > 100 else ".2f"),
                shown(values, "GFLOP/s", ",.1f"),
                shown(values, "of peak", ".1%") if peak or "GFLOP/s" not in values else "?",
                shown(values, "device steps", ".0f"),
                shown(values, "CPU steps", ".0f"),
                shown(values, "bus B/row", ",.1f"),
                shown(values, "overlapped", ".0%"),
                shown(values, "x CPU", ".3f"),
                shown(values, "x rival", ".3f"),
                f"  {values.get('rival', '-')}",
            ]
        )
    table(GPU, lines)
    if out:
        everything = {"device": device, **cases}
        rows = [[case, name, v] for case, values in everything.items() for name, v in values.items()]
        write(out, ["case", "measure", "value"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "copies", "growth", "gpu"])
    parser.add_argument("measures")
    parser.add_argument("--csv")
    arguments = parser.parse_args()
    if arguments.what == "speed":
        speed(arguments.measures, arguments.csv)
    elif arguments.what == "gpu":
        gpu(arguments.measures, arguments.csv)
    else:
        plain(COPIES if arguments.what == "copies" else GROWTH, arguments.measures, arguments.csv)


if __name__ == "__main__":
    main()
