"""Annotated news in the project is ids, offsets and labels, without the text.

    python pack.py pack annotated.jsonl... > news.jsonl        from lines of strings beside texts that others hold
    python pack.py join news.jsonl --items items.jsonl... > gold.jsonl

An annotated line holds `id`, `text` and `events` as README.md beside this describes; a packed one holds a span as
[start, end] in characters and no text. `join` needs the items (`id`, `date`, `text`) that a line is about, and says how many
it did not find.
"""

import json
import sys

LISTS = ("initiators", "targets", "participants", "places", "also")
ONES = ("trigger", "time", "attribution")


def rows(path):
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def pack(line):
    events = []
    for event in line["events"]:
        packed = {k: v for k, v in event.items() if k in ("type", "status", "background")}
        span = lambda s: [s["start"], s["end"]]
        packed |= {k: span(event[k]) for k in ONES if event.get(k)}
        packed |= {k: [span(s) for s in event[k]] for k in LISTS if event.get(k)}
        if event.get("quantities"):
            packed["quantities"] = [[*span(q), q["value"], q["unit"], q["role"]] for q in event["quantities"]]
        events.append(packed)
    # Text is told apart by its length and the sum of its characters: offsets into another wording would be nonsense.
    text = line["text"]
    return {"id": line["id"], "length": len(text), "sum": sum(map(ord, text)) % 65521, "events": events}


def join(packed, item):
    text = item["text"]
    if (len(text), sum(map(ord, text)) % 65521) != (packed["length"], packed["sum"]):
        return None
    span = lambda s: {"text": text[s[0] : s[1]], "start": s[0], "end": s[1]}
    events = []
    for event in packed["events"]:
        whole = {k: v for k, v in event.items() if k in ("type", "status", "background")}
        whole |= {k: span(event[k]) for k in ONES if event.get(k)}
        whole |= {k: [span(s) for s in event[k]] for k in LISTS if event.get(k)}
        if event.get("quantities"):
            whole["quantities"] = [span(q) | {"value": q[2], "unit": q[3], "role": q[4]} for q in event["quantities"]]
        events.append(whole)
    return {"id": item["id"], "date": item["date"], "text": text, "events": events}


def main():
    what, *arguments = sys.argv[1:] or [""]
    if what == "pack":
        for path in arguments:
            for line in rows(path):
                print(json.dumps(pack(line), ensure_ascii=False))
    elif what == "join" and "--items" in arguments:
        at = arguments.index("--items")
        items = {item["id"]: item for path in arguments[at + 1 :] for item in rows(path)}
        lost = 0
        for path in arguments[:at]:
            for line in rows(path):
                joined = line["id"] in items and join(line, items[line["id"]])
                if joined:
                    print(json.dumps(joined, ensure_ascii=False))
                else:
                    lost += 1
        if lost:
            print(f"{lost} annotated items without their text", file=sys.stderr)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
