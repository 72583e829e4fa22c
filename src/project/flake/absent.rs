//! Attributes that no nixpkgs has ever had, whichever revision a project pins.

/// What to use instead of an attribute that cannot exist; `None`: it may well exist.
///
/// nixpkgs names packages by the version lines that it keeps (`elixir_1_18`, `erlang_27`, `nodejs_22`, `postgresql_16`),
/// never by a single release (nixpkgs' manual, "BEAM Languages"; pkgs/top-level/all-packages.nix), and has no Hex packages.
pub fn cannot_exist(path: &[String]) -> Option<String> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let (last, sets) = names.split_last()?;
    let place = match sets {
        [] => Place::Top,
        ["beamPackages" | "beam27Packages" | "beam26Packages" | "beam28Packages"]
        | ["beam", "packages", _] => Place::Beam,
        ["beam", "packages" | "interpreters"] => Place::Interpreters,
        _ => return None,
    };
    let (stem, numbers) = numbered(last);
    let first = numbers.first().copied().unwrap_or_default();
    match (place, stem, &numbers[..]) {
        (_, "elixir", [major, minor, _, ..]) => Some(format!("elixir_{major}_{minor}")),
        (Place::Beam, "erlang", [..]) if !numbers.is_empty() => {
            Some(format!("erlang_{first}, or beam.packages.erlang_{first}.erlang"))
        }
        (_, "erlang", [_, _, ..]) => Some(format!("erlang_{first}")),
        (Place::Top, "beam", [_]) => Some(format!("erlang_{first}, or beam.packages.erlang_{first}")),
        (Place::Top, "nodejs", [_, _, ..]) => Some(format!("nodejs_{first}")),
        // Before PostgreSQL 10 a version line had two numbers.
        (Place::Top, "postgresql", [major, _, ..]) if major.len() > 1 => Some(format!("postgresql_{major}")),
        // `asdf_3_1` is Common Lisp's.
        (Place::Top, "asdf", [_, _, _, ..]) => Some("asdf-vm".to_owned()),
        (Place::Top, stem, _) if stem.strip_prefix("asdf_").is_some_and(is_word) && !numbers.is_empty() => {
            Some("asdf-vm, and .tool-versions".to_owned())
        }
        (Place::Top | Place::Beam, stem, numbers) if is_hex(stem, !numbers.is_empty()) => {
            Some(format!("the dependency :{stem} in mix.exs"))
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Place {
    Top,
    Beam,
    Interpreters,
}

/// A name and the numbers that it ends with: `elixir_1_17_3`.
fn numbered(name: &str) -> (&str, Vec<&str>) {
    let mut stem = name;
    let mut numbers = Vec::new();
    while let Some((rest, number)) = stem.rsplit_once('_') {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) || rest.is_empty() {
            break;
        }
        stem = rest;
        numbers.insert(0, number);
    }
    (stem, numbers)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Hex packages that people look for in nixpkgs. Without a version only names that no other package bears.
fn is_hex(name: &str, versioned: bool) -> bool {
    const ALONE: &[&str] = &[
        "ash_admin",
        "ash_authentication",
        "ash_authentication_phoenix",
        "ash_graphql",
        "ash_json_api",
        "ash_oban",
        "ash_phoenix",
        "ash_postgres",
        "ash_state_machine",
        "credo",
        "dialyxir",
        "ecto_sql",
        "ex_machina",
        "excoveralls",
        "mix_audit",
        "mix_test_watch",
        "phoenix_ecto",
        "phoenix_html",
        "phoenix_live_dashboard",
        "phoenix_live_reload",
        "phoenix_live_view",
        "phoenix_pubsub",
        "postgrex",
    ];
    const VERSIONED: &[&str] =
        &["ash", "bandit", "ecto", "igniter", "jason", "oban", "phoenix", "plug", "req"];
    ALONE.contains(&name) || versioned && VERSIONED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(path: &str) -> Option<String> {
        cannot_exist(&path.split('.').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn releases_and_hex_packages_are_no_attributes() {
        for (path, expected) in [
            ("elixir_1_17_3", "elixir_1_17"),
            ("beam.packages.erlang_27.elixir_1_17_3", "elixir_1_17"),
            ("beamPackages.elixir_1_17_3", "elixir_1_17"),
            ("erlang_27_3_2", "erlang_27"),
            ("beam.interpreters.erlang_27_3", "erlang_27"),
            ("beamPackages.erlang_27", "erlang_27, or beam.packages.erlang_27.erlang"),
            ("beamPackages.erlang_27_3_2", "erlang_27, or beam.packages.erlang_27.erlang"),
            ("beam_27", "erlang_27, or beam.packages.erlang_27"),
            ("nodejs_22_3_0", "nodejs_22"),
            ("postgresql_16_3", "postgresql_16"),
            ("asdf_2_7_5", "asdf-vm"),
            ("asdf_elixir_1_17_3", "asdf-vm, and .tool-versions"),
            ("phoenix_1_7_14", "the dependency :phoenix in mix.exs"),
            ("phoenix_1_7_14_3", "the dependency :phoenix in mix.exs"),
            ("credo", "the dependency :credo in mix.exs"),
            ("beamPackages.dialyxir", "the dependency :dialyxir in mix.exs"),
            ("excoveralls", "the dependency :excoveralls in mix.exs"),
        ] {
            assert_eq!(instead(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_some_nixpkgs_has_is_left_alone() {
        for path in [
            "elixir",
            "elixir_1_17",
            "elixir-ls",
            "erlang",
            "erlang_27",
            "beam.packages.erlang_27.elixir_1_18",
            "beam.packages.erlang_27.erlang",
            "beam.interpreters.erlang_27",
            "beam27Packages.elixir_1_18",
            "beamPackages.erlang",
            "beamPackages.hex",
            "beam",
            "beam_minimal",
            "beamPackages",
            "nodejs_22",
            "postgresql_16",
            "postgresql_9_6",
            "postgresql",
            "asdf_3_1",
            "asdf_2_26",
            "asdf-vm",
            "asdf",
            "ruby_3_3",
            "go_1_22",
            "python311",
            "gcc13",
            "phoenix",
            "ash",
            "plug",
            "lib.optionals",
            "nodePackages.credo",
            "beam.packages.erlang_27",
            "jdk17_headless",
            "sbcl_2_1_0",
            "git",
            "",
        ] {
            assert_eq!(instead(path), None, "{path}");
        }
    }
}
