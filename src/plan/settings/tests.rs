use SettingsFormat::{Env, Envrc, Json, Nix, NixConf, Toml, ToolVersions};
use proptest::prelude::*;

use super::*;

fn text(value: &str) -> Wanted {
    Wanted::Text(value.to_owned())
}

fn list(items: &[&str]) -> Wanted {
    Wanted::List(items.iter().map(|&item| item.to_owned()).collect())
}

fn with(format: SettingsFormat, before: &str, name: &str, value: &Wanted) -> Result<Option<String>, String> {
    set(format, before, &Key { name, value, append: false, add: true })
}

fn added(format: SettingsFormat, before: &str, name: &str, items: &[&str]) -> Result<Option<String>, String> {
    set(format, before, &Key { name, value: &list(items), append: true, add: true })
}

fn is(after: Result<Option<String>, String>, expected: &str) {
    assert_eq!(after.as_ref().map(Option::as_deref), Ok(Some(expected)));
}

#[test]
fn a_setting_of_nix_is_set() {
    let set = |before: &str| with(NixConf, before, "cores", &text("4"));
    for (before, after) in [
        ("", "cores = 4\n"),
        ("sandbox = false", "sandbox = false\ncores = 4\n"),
        ("# mine\r\nsandbox = false\r\n", "# mine\r\nsandbox = false\r\ncores = 4\r\n"),
        ("  cores  =  8   # all é\nsandbox = true", "  cores  =  4   # all é\nsandbox = true"),
        ("cores =\r\nsandbox = true\r\n", "cores = 4\r\nsandbox = true\r\n"),
        ("# cores = 4\n", "# cores = 4\ncores = 4\n"),
        // The last one counts.
        ("cores = 1\ncores = 2\n", "cores = 1\ncores = 4\n"),
        ("build-cores = 2\n!include x.conf\nnonsense\n", "build-cores = 4\n!include x.conf\nnonsense\n"),
    ] {
        is(set(before), after);
    }
    assert_eq!(set("cores = 4\n"), Ok(None));
    let trusted = |before: &str| with(NixConf, before, "trusted-users", &list(&["root", "@wheel"]));
    is(trusted("trusted-users = a b\n"), "trusted-users = root @wheel\n");
    trusted("trusted-users = a\nextra-trusted-users = b\n").unwrap_err();
}

#[test]
fn words_that_are_missing_are_added_to_a_list_of_nix() {
    let add = |before: &str| added(NixConf, before, "experimental-features", &["nix-command", "flakes"]);
    for (before, after) in [
        ("", "extra-experimental-features = nix-command flakes\n"),
        ("experimental-features = flakes # why\r\n", "experimental-features = flakes nix-command # why\r\n"),
        ("experimental-features =\n", "experimental-features = nix-command flakes\n"),
        ("extra-experimental-features = nix-command", "extra-experimental-features = nix-command flakes"),
        (
            "experimental-features = a a\nextra-experimental-features = flakes\n!include t\n",
            "experimental-features = a a\nextra-experimental-features = flakes nix-command\n!include t\n",
        ),
        (
            "#experimental-features = nix-command flakes\n",
            "#experimental-features = nix-command flakes\nextra-experimental-features = nix-command flakes\n",
        ),
    ] {
        is(add(before), after);
    }
    assert_eq!(add("extra-experimental-features = flakes x nix-command\n"), Ok(None));
    is(
        with(NixConf, "", "extra-experimental-features", &text("ca-derivations")),
        "extra-experimental-features = ca-derivations\n",
    );
    added(NixConf, "", "cores", &["1"]).unwrap_err();
}

#[test]
fn a_tool_is_set() {
    let set = |before: &str| with(ToolVersions, before, "elixir", &text("1.18.4-otp-27"));
    for (before, after) in [
        ("", "elixir 1.18.4-otp-27\n"),
        ("erlang 27.0", "erlang 27.0\nelixir 1.18.4-otp-27\n"),
        (
            "# mine\r\n\telixir\t 1.17 1.16  # old\r\nerlang 27\r\n",
            "# mine\r\n\telixir\t 1.18.4-otp-27  # old\r\nerlang 27\r\n",
        ),
        ("elixir # none\n", "elixir 1.18.4-otp-27 # none\n"),
        ("# elixir 1.17\n", "# elixir 1.17\nelixir 1.18.4-otp-27\n"),
    ] {
        is(set(before), after);
    }
    assert_eq!(set("elixir 1.18.4-otp-27\n"), Ok(None));
    set("elixir 1.17\nelixir 1.16\n").unwrap_err();
    is(added(ToolVersions, "elixir 1.17 # x\n", "elixir", &["1.18"]), "elixir 1.17 1.18 # x\n");
}

#[test]
fn a_variable_is_set() {
    let set = |before: &str, value: &str| with(Envrc, before, "KEY", &text(value));
    for (before, value, after) in [
        ("", "1", "export KEY=1\n"),
        ("use flake", "a b", "use flake\nexport KEY='a b'\n"),
        ("use flake\r\n", "é", "use flake\r\nexport KEY='é'\r\n"),
        ("export KEY=5   # all\nuse nix\n", "1", "export KEY=1   # all\nuse nix\n"),
        ("if x; then\n  export KEY='5'\nfi\n", "1", "if x; then\n  export KEY='1'\nfi\n"),
        ("KEY=\"5\"\n", "it's", "KEY=\"it's\"\n"),
        ("KEY='5'\n", "it's", "KEY=\"it's\"\n"),
        ("KEY=5\n", "$(touch x)", "KEY='$(touch x)'\n"),
        ("KEY=\"5\"\n", "`x`", "KEY='`x`'\n"),
        ("KEY=5\n", "1; rm -rf ~", "KEY='1; rm -rf ~'\n"),
        ("# export KEY=5\n", "1", "# export KEY=5\nexport KEY=1\n"),
        ("export MY_KEY=5 # KEY=5\n", "", "export MY_KEY=5 # KEY=5\nexport KEY=\n"),
        ("x=\"a # b\n c\"\nKEY=5\n", "1", "x=\"a # b\n c\"\nKEY=1\n"),
        ("echo it\\'s $# ${x#y}\nKEY=5\n", "1", "echo it\\'s $# ${x#y}\nKEY=1\n"),
    ] {
        is(set(before, value), after);
    }
    assert_eq!(set("export KEY='1'\n", "1"), Ok(None));
    for before in [
        "export KEY=$OTHER\n",
        "export KEY=\"$HOME/x\"\n",
        "export KEY=1 OTHER=2\n",
        "KEY=1 run\n",
        "KEY=1; x\n",
        "KEY+=1\n",
        "KEY=1\nunset KEY\n",
        "KEY=1\nKEY=2\n",
        "export KEY\n",
        "cat <<x\nKEY=1\nx\n",
        "x='\nKEY=1\n'\n",
        "x=$'\\''\nKEY=1\n",
        "echo \\\nKEY=1\n",
        "x='\n",
        "x=1 \\",
    ] {
        set(before, "3").unwrap_err();
    }
    for value in ["a\nb", "it's $x", "\u{1b}"] {
        set("", value).unwrap_err();
    }
    with(Envrc, "", "A B", &text("1")).unwrap_err();
    with(Envrc, "", "A=x\nB", &text("1")).unwrap_err();
    added(Envrc, "", "KEY", &["1"]).unwrap_err();
}

#[test]
fn a_variable_of_an_env_file_is_set() {
    let set = |before: &str, value: &str| with(Env, before, "KEY", &text(value));
    is(set("A=it's\nKEY=5\n", "1"), "A=it's\nKEY=1\n");
    is(set("A=1", "x y"), "A=1\nKEY='x y'\n");
    is(set("A='-----BEGIN\nabc==\n'\n", "1"), "A='-----BEGIN\nabc==\n'\nKEY=1\n");
    is(set("A=don't\nB=<<x\n", "1"), "A=don't\nB=<<x\nKEY=1\n");
    set("A='x\nKEY=5\n'\n", "1").unwrap_err();
    set("A='x\n", "1").unwrap_err();
    set("KEY=1\nKEY=2\n", "3").unwrap_err();
}

#[test]
fn a_key_of_toml_is_set() {
    let set = |before: &str| with(Toml, before, "tools.elixir", &text("1.18"));
    for (before, after) in [
        ("", "[tools]\nelixir = \"1.18\"\n"),
        (
            "# all\n[tools] # mine\n  elixir   =  '1.17'  # old\n\n[env]\nA = 1 # é\n",
            "# all\n[tools] # mine\n  elixir   =  \"1.18\"  # old\n\n[env]\nA = 1 # é\n",
        ),
        (
            "[tools]\r\nerlang = \"27\"\r\n[env]\r\nA = 1\r\n",
            "[tools]\r\nerlang = \"27\"\r\nelixir = \"1.18\"\r\n[env]\r\nA = 1\r\n",
        ),
        ("tools = { erlang = \"27\" }\n", "tools = { erlang = \"27\", elixir = \"1.18\" }\n"),
        ("tools.erlang = \"27\"\n", "tools.erlang = \"27\"\ntools.elixir = \"1.18\"\n"),
        ("[tools]\n# elixir = \"1.18\"\n", "[tools]\nelixir = \"1.18\"\n# elixir = \"1.18\"\n"),
        ("[tools]\nelixir = \"1.17\"", "[tools]\nelixir = \"1.18\""),
    ] {
        is(set(before), after);
    }
    assert_eq!(set("[tools]\nelixir = '1.18'\n"), Ok(None));
    for before in [
        "[tools]\nelixir = {version = \"1.17\", x = 1}\n",
        "[tools.elixir]\nversion = \"1.17\"\n",
        "[tools]\nelixir = [\"1.17\"]\n",
        "tools = 1\n",
        "[tools]\nelixir = 1.17.3\n",
        "[tools]\nelixir = 1\nelixir = 2\n",
        "[[tools]]\nelixir = 1\n",
        "a = 1\r\nb = 2\n",
    ] {
        set(before).unwrap_err();
    }
    is(with(Toml, "", "a.\"b.c\"", &Wanted::Integer(3)), "[a]\n\"b.c\" = 3\n");
    is(with(Toml, "a = 1.5 # x\n", "a", &Wanted::Bool(true)), "a = true # x\n");
    is(
        added(Toml, "a = [\n  \"x\", # one\n  \"y\"\n]\n", "a", &["y", "z"]),
        "a = [\n  \"x\", # one\n  \"y\",\n  \"z\"\n]\n",
    );
    is(added(Toml, "a = [\"x\"]\n", "a", &["y"]), "a = [\"x\", \"y\"]\n");
    is(added(Toml, "a = [ \"x\", \"z\", ]\n", "a", &["y"]), "a = [ \"x\", \"z\", \"y\", ]\n");
    added(Toml, "a = [\n \"x\" # one\n]\n", "a", &["y"]).unwrap_err();
    let hostile = "1\"\nrun = \"x";
    is(with(Toml, "a = 1\n", "a", &text(hostile)), "a = \"\"\"\n1\"\nrun = \"x\"\"\"\n");
}

#[test]
fn a_key_of_json_is_set() {
    let set = |before: &str| with(Json, before, "a.b", &text("new"));
    for (before, after) in [
        ("", "{\n  \"a\": {\n    \"b\": \"new\"\n  }\n}\n"),
        (
            "{ // é\n  \"a\": { /* x */ \"b\": \"old\", },\n  \"c\": [1, 2]\n}",
            "{ // é\n  \"a\": { /* x */ \"b\": \"new\", },\n  \"c\": [1, 2]\n}",
        ),
        (
            "{\r\n\t\"a\": {\r\n\t\t\"c\": 1\r\n\t}\r\n}\r\n",
            "{\r\n\t\"a\": {\r\n\t\t\"c\": 1,\r\n\t\t\"b\": \"new\"\r\n\t}\r\n}\r\n",
        ),
        (
            "{\n  // \"a\": {}\n  \"a\": {}\n}\n",
            "{\n  // \"a\": {}\n  \"a\": {\n    \"b\": \"new\"\n  }\n}\n",
        ),
    ] {
        is(set(before), after);
    }
    assert_eq!(set("{\"a\": {\"b\": \"new\"}}"), Ok(None));
    for before in [
        "[]",
        "{\"a\": 1}",
        "{\"a\": {\"b\": {\"c\": 1}}}",
        "{\"a\": {\"b\": [1]}}",
        "{\"a\": {\"b\": 1, \"b\": 2}}",
        "{\"a\": {\"b\": 1}",
        "{a: 1}",
    ] {
        set(before).unwrap_err();
    }
    is(with(Json, "{\"a\": 1}\n", "a", &Wanted::Integer(2)), "{\"a\": 2}\n");
    is(with(Json, "{\"a\": null}\n", "a", &Wanted::Bool(false)), "{\"a\": false}\n");
    is(added(Json, "{\"a\": [\"x\", 1]}\n", "a", &["x", "y"]), "{\"a\": [\"x\", 1, \"y\"]}\n");
    is(
        with(Json, "{\"a\": 1}", "a", &text("1\", \"b\": \"2\u{1b}\n")),
        "{\"a\": \"1\\\", \\\"b\\\": \\\"2\\u001b\\n\"}",
    );
}

#[test]
fn a_variable_of_a_nix_shell_is_set() {
    let set = |before: &str, value: &str| with(Nix, before, "N_GPUS", &text(value));
    for (before, after) in [
        (
            "{ shellHook = ''\n  echo hi # é\n  export N_GPUS=5\n''; }\n",
            "{ shellHook = ''\n  echo hi # é\n  export N_GPUS=1\n''; }\n",
        ),
        (
            "{ shellHook = ''\n export N_GPUS=\"5\" # all\r\n''; }",
            "{ shellHook = ''\n export N_GPUS=\"1\" # all\r\n''; }",
        ),
        ("pkgs.mkShell { N_GPUS = \"5\"; A = 1; }", "pkgs.mkShell { N_GPUS = \"1\"; A = 1; }"),
        ("mkShell { env.N_GPUS = 5; }", "mkShell { env.N_GPUS = 1; }"),
    ] {
        is(set(before, "1"), after);
    }
    let number = "mkShell { N_GPUS = 5; }";
    for value in ["x", "1; b = import ./y", "''${x}", "\"", "", "a b"] {
        set(number, value).unwrap_err();
    }
    for before in [
        "mkShell { N_GPUS = toString 5; }",
        "mkShell { N_GPUS = \"${x}\"; }",
        "{ shellHook = ''\n export N_GPUS=$X\n''; }",
        "{ shellHook = ''\n export N_GPUS=1\n export N_GPUS=2\n''; }",
        "{ shellHook = \"\nexport N_GPUS=\\\"5\\\"\n\"; }",
        "{ a = 1 }",
        "{ }",
    ] {
        set(before, "3").unwrap_err();
    }
    let key = Key { name: "N_GPUS", value: &text("1"), append: false, add: false };
    assert_eq!(super::set(Nix, "{ }", &key), Ok(None));
}

#[test]
fn a_captured_value_brings_nothing_else() {
    let hostile = [
        "flakes\nsandbox = false",
        "flakes\rsandbox = false",
        "flakes sandbox",
        "flakes # x",
        "",
        " ",
        "\u{a0}",
        "\u{2028}x",
    ];
    for value in hostile {
        added(NixConf, "", "experimental-features", &[value]).unwrap_err();
        with(NixConf, "cores = 1\n", "cores", &text(value)).unwrap_err();
        with(ToolVersions, "elixir 1\n", "elixir", &text(value)).unwrap_err();
    }
    with(ToolVersions, "", "a b", &text("1")).unwrap_err();
    let large = "x".repeat(1 << 20);
    for format in [NixConf, ToolVersions, Envrc, Env, Toml, Json] {
        let after = with(format, "", "key", &text(&large));
        assert!(after.is_err() || after.unwrap().unwrap().len() < large.len() + 100, "{format:?}");
        _ = with(format, &large, "key", &text("1"));
    }
}

#[test]
fn a_key_that_is_not_there_is_not_added_unasked() {
    for (format, before) in [
        (NixConf, "sandbox = true\n"),
        (ToolVersions, "erlang 27\n"),
        (Envrc, "use flake\n# export a=1\n"),
        (Env, "A=1\n"),
        (Toml, "[b]\nc = 1\n"),
        (Json, "{\"b\": 1}"),
    ] {
        for name in ["a", "x"] {
            let key = Key { name, value: &text("1"), append: false, add: false };
            assert_eq!(set(format, before, &key), Ok(None), "{before}");
        }
    }
    let key = Key { name: "a.b.c", value: &text("1"), append: false, add: false };
    assert_eq!(set(Toml, "x = 1\n", &key), Ok(None));
    assert_eq!(set(Json, "{\"a\": {}}", &key), Ok(None));
}

#[test]
fn one_line_becomes_a_comment() {
    let of = |format, before: &str, find: &str, line| comment(format, before, find, line);
    let conf = "a = 1\r\n  cores=3  # é\r\ncores=30\r\n";
    assert_eq!(of(NixConf, conf, "cores=3", None).unwrap(), conf.replace("  cores=3 ", "  # cores=3 "));
    assert_eq!(of(NixConf, conf, "cores=3 ", Some(2)).unwrap(), conf.replace("  cores=3 ", "  # cores=3 "));
    assert_eq!(of(ToolVersions, "elixir 1", "elixir 1", Some(1)).unwrap(), "# elixir 1");
    assert_eq!(of(Envrc, "use asdf\nuse nix\n", "use asdf", None).unwrap(), "# use asdf\nuse nix\n");
    assert_eq!(of(Toml, "[a]\nb = 1\n", "b = 1", None).unwrap(), "[a]\n# b = 1\n");
    for (format, before, find, line) in [
        (NixConf, conf, "cores=3", Some(3)),
        (NixConf, conf, "cores=3", Some(9)),
        (NixConf, conf, "cores", None),
        (NixConf, conf, "", None),
        (NixConf, "x\nx\n", "x", None),
        (NixConf, "# x\n", "# x", None),
        (NixConf, "# x\n", "x", None),
        (Envrc, "a='\nx\n'\n", "x", None),
        (Envrc, "x \\\n y\n", "y", None),
        (Envrc, "x='1\n2'\n", "x='1", None),
        (Env, "A='\nx\n'\n", "x", None),
        (Toml, "[a]\nb = 1\n", "[a]", None),
        (Toml, "a = [\n1,\n2,\n]\n", "2,", None),
        (Toml, "a = '''\nx\n'''\n", "x", None),
        (Json, "{\n\"a\": 1\n}", "\"a\": 1", None),
    ] {
        assert!(of(format, before, find, line).is_err(), "{before:?} {find}");
    }
}

proptest! {
    #[test]
    fn whatever_is_set_is_all_that_changes(
        format in prop::sample::select(vec![NixConf, ToolVersions, Envrc, Env, Toml, Json]),
        before in "(a|KEY|=|export | |\"|'|#|\\$|\\\\|\\[|\\]|\\{|\\}|:|,|\\n|\\r\\n|é|<<|1){0,40}",
        value in "([a-z]|[\"'#$`\\\\=\\[\\]{},:;!é \\n\\r\\t]|\\PC){0,8}",
    ) {
        let wanted = text(&value);
        if let Ok(Some(after)) = with(format, &before, "KEY", &wanted) {
            prop_assert_eq!(with(format, &after, "KEY", &wanted), Ok(None));
            let mut old: Vec<&str> = before.lines().collect();
            old.retain(|line| !after.lines().any(|other| other == *line));
            prop_assert!(old.len() <= 1 || matches!(format, Toml | Json), "{:?} {:?}", before, after);
        }
    }
}
