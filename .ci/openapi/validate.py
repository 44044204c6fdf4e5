"""Checks every recorded request of the bot against Discord's OpenAPI document.

Each record is a JSON line {"method", "path", "body", "status"}. A request that our simulator accepted must name a route of
the document, and its body must be valid there. The document lets unknown fields pass, so top-level names are checked too.
"""

import collections
import json
import pathlib
import re
import sys
import urllib.parse

from jsonschema import Draft202012Validator

JSON_BODIES = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")


def routes(document):
    """The document's routes, those with fewer parameters first: `/users/@me` before `/users/{user_id}`."""
    found = []
    for template, methods in document["paths"].items():
        parts = re.split(r"\{[^}]+\}", template)
        pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
        found.append((len(parts), pattern, template, methods))
    return sorted(found, key=lambda route: route[0])


def find(table, method, path):
    for _, pattern, template, methods in table:
        if pattern.fullmatch(path) and method in methods:
            return template, methods[method]
    return None


def resolve(document, schema):
    while "$ref" in schema:
        target = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema = target
    return schema


def names(document, schema):
    """The top-level property names that a schema knows."""
    schema = resolve(document, schema)
    known = set(schema.get("properties", {}))
    for key in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(key, []):
            known |= names(document, part)
    return known


def validator(document, operation, cache, template):
    if template in cache:
        return cache[template]
    content = resolve(document, operation.get("requestBody", {})).get("content", {})
    schema = next((content[kind]["schema"] for kind in JSON_BODIES if kind in content), None)
    if schema is None:
        cache[template] = None
    else:
        whole = {**schema, "components": document["components"]}
        cache[template] = (Draft202012Validator(whole), names(document, schema))
    return cache[template]


def known_differences(value, key=None):
    """The body without two habits of serenity's that Discord takes although its OpenAPI document does not list them.

    Permissions travel as decimal strings, as Discord's reference says; the document has integers. A file that is being
    uploaded is numbered by its index, as in the reference's examples; the document has strings.
    """
    if key == "default_member_permissions" and isinstance(value, str):
        return int(value)
    if key == "attachments" and isinstance(value, list):
        return [{**file, "id": str(file["id"])} if "id" in file else file for file in value]
    if isinstance(value, list):
        return [known_differences(item) for item in value]
    if isinstance(value, dict):
        return {name: known_differences(item, name) for name, item in value.items()}
    return value


def problems(document, table, cache, record):
    path = urllib.parse.urlsplit(record["path"]).path
    path = re.sub(r"^/api(/v\d+)?", "", path)
    method = record["method"].lower()
    found = find(table, method, path)
    if found is None:
        return [f"no such route: {method} {path}"]
    template, operation = found
    body = record.get("body")
    if body is None:
        return []
    check = validator(document, operation, cache, (method, template))
    if check is None:
        return [f"{method} {template} takes no body"] if body else []
    judge, known = check
    body = known_differences(body)
    said = [f"{template}: {e.json_path}: {e.message[:300]}" for e in judge.iter_errors(body)]
    if isinstance(body, dict) and known:
        said += [f"{template}: unknown field {name!r}" for name in body if name not in known]
    return said


def main(folder, openapi):
    document = json.loads(pathlib.Path(openapi).read_text())
    table, cache = routes(document), {}
    checked, refused, wrong = collections.Counter(), 0, collections.Counter()
    for file in sorted(pathlib.Path(folder).glob("**/*.jsonl")):
        for line in file.read_text().splitlines():
            record = json.loads(line)
            if record["status"] >= 400:
                refused += 1
                continue
            said = problems(document, table, cache, record)
            checked[record["method"]] += 1
            wrong.update(said)
    for problem, times in wrong.most_common(40):
        print(f"{times} x {problem}")
    print(f"{sum(checked.values())} requests checked {dict(checked)}, {refused} refused by the simulator and passed over")
    if not checked:
        print("No request was recorded: the check proves nothing.")
        return 1
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
