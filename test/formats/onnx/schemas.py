"""Writes which attributes each operator of the ONNX standard has in which version, from the package onnx:

python schemas.py > schemas.json
"""
import json

import onnx

# Before opset 7 operators were broadcast by attributes of their own; such files are refused.
FIRST = 7

operators = {}
for schema in onnx.defs.get_all_schemas_with_history():
    if schema.domain == "":
        operators.setdefault(schema.name, {})[schema.since_version] = sorted(schema.attributes)
kept = {}
for name, versions in sorted(operators.items()):
    before = [version for version in versions if version <= FIRST]
    first = max(before, default=FIRST)
    kept[name] = {str(version): names for version, names in sorted(versions.items()) if version >= first}
lines = ",\n".join(f"\t\t{json.dumps(name)}: {json.dumps(versions)}" for name, versions in kept.items())
print(f'{{\n\t"onnx": "{onnx.__version__}",\n\t"opset": {onnx.defs.onnx_opset_version()},\n\t"operators": {{\n{lines}\n\t}}\n}}')
