"""Writes what Jinja, set up as transformers 5.23 sets it up, makes of small templates of every construct.

    pip install transformers jinja2; python templates.py
"""
import json
import os

from transformers.utils.chat_template_utils import _compile_jinja_template

conversation = dict(
    messages=[
        dict(role="system", content="Be brief."), dict(role="user", content=" Hé, 日本? \n"),
        dict(role="assistant", content="Yes."), dict(role="user", content="Why \"now\" & 'then'?"),
    ],
    tools=None, add_generation_prompt=True, bos_token="<s>", eos_token="</s>",
    n=7, x=2.5, flags=[True, False, None], names=["b", "A", "c", "a"], nested={"k": {"z": 1, "y": [1, 2.0, "t"]}, "e": {}},
    rows=[dict(g="x", v=3), dict(g="y", v=1), dict(g="x", v=2)],
)
layouts = [
    # a chat in the manner of ChatML
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] | trim + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    # turns that must alternate, the system's text in the first of them
    "{%- if messages[0].role == 'system' %}\n    {%- set system = messages[0].content %}\n    {%- set turns = messages[1:] %}\n"
    "{%- else %}\n    {%- set turns = messages %}\n{%- endif %}\n{{- bos_token }}\n{%- for m in turns %}\n"
    "    {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}\n        {{- raise_exception('turns must alternate') }}\n"
    "    {%- endif %}\n    {%- if m.role == 'user' %}\n        {%- if loop.first and system is defined %}\n"
    "            {{- '[INST] ' + system + '\\n\\n' + m.content + '[/INST]' }}\n        {%- else %}\n"
    "            {{- '[INST] ' + m.content + '[/INST]' }}\n        {%- endif %}\n    {%- else %}\n"
    "        {{- ' ' + m.content + eos_token }}\n    {%- endif %}\n{%- endfor %}\n",
    # a macro, a namespace, and lines that stand by themselves
    "{% macro turn(name, text='nothing') %}\n[{{ name | upper }}] {{ text }}\n{% endmacro %}\n{% set state = namespace(count=0) %}\n"
    "{% for m in messages if m.role != 'system' %}\n  {% set state.count = state.count + 1 %}\n{{ turn(m.role, text=m.content.strip()) }}"
    "{% else %}\nempty\n{% endfor %}\n{{ turn('end') }}\n{{ state.count }} turns\n",
    "{% for m in messages %}{{ loop.index }}/{{ loop.length }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} "
    "{{ loop.previtem.role if loop.previtem is defined else '-' }} {{ loop.cycle('odd', 'even') }} {{ loop.changed(m.role) }};{% endfor %}",
    "  {% if true %}\n    indented\n  {% endif %}\n  {%+ if true %}kept{% endif +%}\n  after\n\n",
    "a {#- comment -#} b {# other #}\nc\n{# line #}\nd {{- ' e ' -}} f",
    "{% raw %}{{ not }} {% code %}{% endraw %} end {%- raw -%}  x  {%- endraw -%} y",
    "{% set text %}some {{ n }} text{% endset %}{{ text | upper }}{% set other | trim | length %}  four  {% endset %}{{ other }}",
    "{% call(who) twice() %}hello {{ who }}{% endcall %}",
    "{% macro twice() %}{{ caller('a') }}, {{ caller('b') }}{% endmacro %}{% call(who) twice() %}hello {{ who }}{% endcall %}",
    "{% filter upper %}loud {{ n }}{% endfilter %}{% with a = 1, b = n + 1 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
    "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% generation %}answer{% endgeneration %} and {% for a, b in nested.k.items() %}{{ a }}={{ b }};{% endfor %}",
    "{% set i = 1 %}{% for a in [1, 2] %}{% set i = i + a %}{{ i }}{% endfor %}{{ i }}{% if true %}{% set i = 9 %}{% endif %}{{ i }}",
    "{% for row in rows %}{% for c in row.g %}{{ loop.index }}{{ c }}{% endfor %}{{ loop.index }}{% endfor %}",
    "{% macro down(k) %}{{ k }}{% if k > 0 %}{{ down(k - 1) }}{% endif %}{% endmacro %}{{ down(3) }}",
    "{%- set ns = namespace(found=false, text='') -%}\r\n{%- for m in messages -%}\r\n{%- if not ns.found and m.role == 'user' -%}"
    "{%- set ns.found = true -%}{%- set ns.text = m.content -%}{%- endif -%}\r\n{%- endfor -%}\r\n{{ ns.text }}\r\n",
    "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('|') }}\n",
    "{% set j = joiner(', ') %}{% for r in rows %}{{ j() }}{{ r.v }}{% endfor %} {% set c = cycler('p', 'q') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}",
]
expressions = [
    "1 + 2 * 3 - 4 // 3 % 2", "7 / 2", "-7 // 2", "-7 % 3", "7.5 // 2", "2 ** 10", "2 ** -1", "(1 + 2) * 3", "-n + +x", "1_000 + 1e3",
    "1 < 2 < 3", "1 == 1.0", "'a' < 'b'", "[1, 2] < [1, 3]", "not n == 7 or x > 2 and true", "n in [1, 7]", "'q' not in 'abc'",
    "'z' in nested.k", "none is none", "missing is defined", "missing", "missing | default('d')", "'' | default('d', true)",
    "messages[0].missing", "messages[-1]['content'][:3]", "messages[1:3] | length", "'abcdef'[::-2]", "'abcdef'[-2:]", "names[1:-1]",
    "[1, 2.0, 'a', none, true, [], {'k': 'v\\'s'}]", "(1,), (), (1, 2)", "{'a': 1, 'b': [1]}", "{1: 'one', none: 2, true: 3}[1]",
    "'a' ~ 1 ~ none ~ 1.5 ~ [1]", "'ab' * 3", "[1] * 2 + [3]", "'%s is %d, %.2f%%' % ('a', 3, 2.5)", "'%s' | format(n)", "'{} {0}' if false else 'x'",
    "'{} and {} {name}'.format(1, 'b', name=n)", "'yes' if n > 3", "'no' if n > 30", "n is even", "n is odd", "n is divisibleby 7", "n is divisibleby(2)",
    "x is number and x is float and n is integer", "'a' is string", "names is iterable and names is sequence and names is not string",
    "nested is mapping", "true is boolean", "n is eq 7", "n is in [1, 7]", "n is gt(3)", "n is sameas 7", "missing is undefined or fail()",
    "'  a b '.strip() ~ '|' ~ '  a'.lstrip() ~ '|' ~ 'a  '.rstrip() ~ '|'", "'xxaxx'.strip('x')", "'a,b,,c'.split(',')", "' a  b c '.split()",
    "'a b c'.split(' ', 1)", "'a.b.c'.rsplit('.', 1)", "'a b c'.rsplit(none, 1)", "'l1\nl2\r\nl3'.splitlines()", "'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))",
    "'aXbX'.replace('X', '-', 1)", "'abab'.replace('b', '')", "'ab'.replace('', '-')", "'abcabc'.find('c') ~ 'abcabc'.rfind('c') ~ 'abc'.find('z')", "'aaa'.count('a')",
    "', '.join(['a', 'b'])", "'hello world'.title() ~ 'hELLO'.capitalize() ~ 'aB'.swapcase() if false else 'hello wORLD'.title()", "'hELLO'.capitalize()",
    "'12'.isdigit() and 'ab'.isalpha() and 'a1'.isalnum() and not ''.isdigit()", "'AB'.isupper() and 'ab'.islower()", "'7'.zfill(3) ~ '-7'.zfill(4)",
    "'ab'.ljust(4) ~ '|' ~ 'ab'.rjust(4, '.') ~ '|'", "'a-b'.partition('-')", "'prefix-x'.removeprefix('prefix-') ~ 'x.py'.removesuffix('.py')",
    "nested.k.keys() | list", "nested.k.values() | list", "nested.items() | list", "nested.get('q', 'none') ~ nested.get('q')", "nested['k']['y'][2]", "nested.k.y.0",
    "names | sort", "names | sort(reverse=true)", "names | sort(case_sensitive=true)", "rows | sort(attribute='v') | map(attribute='v') | list", "names | unique | list",
    "names | first ~ names | last", "names | reverse | list", "'abc' | reverse", "names | join", "names | join(', ')", "rows | join(',', attribute='v')", "[3, 1, 2] | max ~ [3, 1, 2] | min",
    "[1, 2, 3] | sum", "rows | sum(attribute='v')", "rows | map(attribute='v') | sum", "names | map('upper') | list", "flags | select | list", "flags | reject('none') | list",
    "rows | rejectattr('g', 'equalto', 'x') | list", "rows | selectattr('v', 'gt', 1) | map(attribute='v') | list", "rows | groupby('g') | map('first') | list",
    "nested.k | dictsort", "nested.k | items | list", "[1, 2, 3, 4, 5] | batch(2) | list", "[1, 2, 3] | batch(2, 0) | list", "'a\nb\n\nc' | indent", "'a\nb' | indent(2, true)", "'a\nb' | indent('> ')",
    "' x ' | trim", "'xyx' | trim('x')", "'aBc' | upper ~ 'aBc' | lower", "'a b' | title", "'ab cd' | capitalize", "'a b c' | wordcount", "'abc' | center(7) ~ '|'",
    "'a long text to be cut' | truncate(10)", "'a long text to be cut' | truncate(10, true)", "'a<b>&\"' | escape", "n | string ~ 's'", "'7' | int + 1", "'x' | int(5)", "'7.9' | int", "'2.5' | float", "-3 | abs",
    "2.567 | round(2)", "2.5 | round ~ 3.5 | round", "2.1 | round(0, 'ceil')", "'abc' | list", "'abc' | length", "nested | length", "names | length", "'a' | attr('upper') is callable",
    "nested | tojson", "messages[1] | tojson", "nested | tojson(indent=2)", "[] | tojson ~ {} | tojson", "rows | tojson(separators=(',', ':'))", "{'b': 1, 'a': 2} | tojson(sort_keys=true)", "'é\t\"\\\\' | tojson", "x | tojson ~ 1e20 | tojson",
    "1e16", "1e15", "1.0", "0.00001", "123456789.123", "1e100", "'a\\nb\\u00e9\\x41\\q'", "\"it's\"", "['it\\'s', \"say \\\"x\\\"\", 'a\\tb']", "['日本', 'é', '\\u200b']",
    "range(5) | list", "range(5, 0, -2) | list", "range(2, 4) | list", "dict(a=1, b=n)", "namespace(a=1).a", "strftime_now('%%')", "messages is defined and messages",
    "true and 'a' or 'b'", "0 or none", "1 and 2", "not not 3", "missing or 'other'", "-2 ** 2", "2 * -3", "n|string|length", "(n)|string", "[n, x][0]", "{'f': 'v'}.f", "'a' 'b' 'c'", "'x' is in 'xyz'", "1 if 0 else 2 if 0 else 3",
]
broken = [
    "{{ 1 +", "{{ a b }}", "{% if %}x{% endif %}", "{% for x in %}{% endfor %}", "{% if true %}", "{% endif %}", "{{ 'open }}", "{# open", "{% nothing %}", "{{ n | nofilter }}", "{{ n is notest }}",
    "{{ (1 }}", "{{ [1, 2 }}", "{% set 1 = 2 %}", "{% macro %}{% endmacro %}", "{{ missing.attribute }}", "{{ missing() }}", "{{ n() }}", "{{ n + 'a' }}", "{{ none + 1 }}", "{{ 1 // 0 }}", "{{ raise_exception('no') }}",
    "{{ [1] | tojson + 1 }}", "{{ missing | tojson }}", "{% for a, b in [1] %}{% endfor %}", "{% for x in 5 %}{% endfor %}", "{{ 'a' < 1 }}", "{% set nested.k = 1 %}", "{{ names.append('x') }}", "{{ range(10000000) | list }}",
    "line\n{{ n }}\n{{ nothing.at.all }}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{{ messages[0].content.nomethod() }}", "{{ '}}' }", "{%- for m in messages %}{{ m.content.foo.bar }}{% endfor %}",
]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "conversation.json"), "w") as file:
    json.dump(conversation, file, ensure_ascii=False, indent=1)
with open(os.path.join(here, "templates.jsonl"), "w") as file:
    for template in layouts + ["{{ " + expression + " }}" for expression in expressions] + broken:
        try:
            record = dict(template=template, text=_compile_jinja_template(template).render(**conversation))
        except Exception as error:
            record = dict(template=template, error=str(error))
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
