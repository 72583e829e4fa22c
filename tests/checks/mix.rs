//! What mix.exs, mix.lock, deps/ and _build have of one another.

use crate::recorded::Machine;

const MIX: &str = r#"defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", deps: deps(Mix.env())]
  end

  defp deps(:test), do: [{:floki, "~> 0.36"} | deps(:all)]

  defp deps(_) do
    [
      {:jason, "~> 1.4"},
      {:icons, git: "https://git.example.com/icons", tag: "v2"}
    ]
  end
end
"#;
const ICONS: &str = "\"icons\": {:git, \"https://git.example.com/icons\", \"0123456789012345678901234567890123456789\", [tag: \"TAG\"]},";

fn hex(name: &str, version: &str) -> String {
    format!("\"{name}\": {{:hex, :{name}, \"{version}\", \"h\", [:mix], [], \"hexpm\", \"o\"}},")
}

fn lock(pins: &[&str]) -> String {
    format!("%{{\n  {}\n}}\n", pins.join("\n  "))
}

/// A project with this lock file and these dependencies fetched.
fn project(lock: &str, fetched: &[&str]) -> Machine {
    let folders: Vec<String> = fetched.iter().map(|name| format!("deps/{name}/mix.exs")).collect();
    let mut files = vec![("mix.exs", MIX), ("mix.lock", lock)];
    files.extend(folders.iter().map(|folder| (folder.as_str(), "")));
    Machine::new("", &files)
}

#[test]
fn a_lock_file_that_fits() {
    let lock = lock(&[&hex("floki", "0.36.2"), &ICONS.replace("TAG", "v2"), &hex("jason", "1.4.4")]);
    let machine = project(&lock, &["floki", "icons", "jason"]);
    for rule in ["mix-lock-outdated", "mix-deps-unavailable", "mix-deps-not-locked", "mix-lock-mismatch"] {
        assert_eq!(machine.finding(rule), None, "{rule}");
    }
}

#[test]
fn a_lock_file_that_has_something_else() {
    let found = |tag: &str, jason: &str| {
        let lock = lock(&[&hex("floki", "0.36.2"), &ICONS.replace("TAG", tag), &hex("jason", jason)]);
        let found = project(&lock, &["floki", "icons", "jason"]).finding("mix-lock-outdated").unwrap();
        (
            found.message.trim_start_matches("mix.lock does not fit mix.exs any more: ").to_owned(),
            found.places,
        )
    };
    assert_eq!(
        found("v2", "1.2.2"),
        ("jason (asked for ~> 1.4, locked at 1.2.2)".to_owned(), vec!["mix.exs:12:7".to_owned()])
    );
    assert_eq!(
        found("v1", "1.4.4"),
        ("icons (asked for tag v2, locked at tag v1)".to_owned(), vec!["mix.exs:13:7".to_owned()])
    );
}

#[test]
fn a_dependency_that_is_new_in_mix_exs() {
    let lock = lock(&[&ICONS.replace("TAG", "v2"), &hex("jason", "1.4.4")]);
    let machine = project(&lock, &["icons", "jason"]);
    let said = machine.says(&["check"]).text;
    assert!(said.contains("mix-lock-outdated") && said.contains("mix.exs:8:26"), "{said}");
    assert!(said.contains("mix.exs names dependencies that mix.lock does not have: floki"), "{said}");
    assert_eq!(machine.finding("mix-deps-unavailable"), None, "it follows, and is no problem of its own");
    // Without a lock file, as many libraries have it, nothing is missing there.
    let machine = Machine::new("", &[("mix.exs", MIX)]);
    assert_eq!(machine.finding("mix-lock-outdated"), None);
    let missing = machine.finding("mix-deps-unavailable").unwrap();
    assert!(missing.message.ends_with("floki, icons, jason"), "{}", missing.message);
    assert_eq!(missing.places, ["mix.exs:8:26", "mix.exs:13:7", "mix.exs:12:7"]);
}

/// `{1, {"1.17.3", "27"}, 'Elixir.Mix.SCM.Path'}`, as Mix writes it.
const COMPILED_BY_1_17_3: &str = "836803610168026d00000006312e31372e336b0002323777\
                                  13456c697869722e4d69782e53434d2e50617468";

#[test]
fn a_build_of_another_elixir() {
    let machine = |elixir: &str, environment: &str| {
        let app = format!("{{application,elixir,[{{vsn,\"{elixir}\"}}]}}.");
        let recording = format!(
            "env: {{{environment}}}\nwhich: {{elixir: /opt/elixir/bin/elixir, erl: /opt/otp/bin/erl}}\n\
             bytes: [{{file: /home/user/app/_build/dev/lib/shop/.mix/compile.elixir_scm, limit: 1048576, \
             hex: {COMPILED_BY_1_17_3}}}]"
        );
        let files = [
            ("/opt/elixir/bin/elixir", ""),
            ("/opt/elixir/lib/elixir/ebin/elixir.app", app.as_str()),
            ("/opt/otp/bin/erl", ""),
            ("/opt/otp/releases/27/OTP_VERSION", "27.2"),
            ("/opt/otp/lib/crypto-5.5/ebin/crypto.app", ""),
            ("/opt/otp/lib/stdlib-6.2/ebin/stdlib.app", ""),
            ("mix.exs", "defmodule Shop do\n  def project, do: [app: :shop]\nend\n"),
        ];
        Machine::new(&recording, &files).finding("stale-build-dir")
    };
    let stale = machine("1.18.3", "").unwrap();
    assert_eq!(stale.message, "_build/dev was compiled by another Elixir or Erlang/OTP than runs");
    assert_eq!(stale.severity, "warning");
    assert_eq!(machine("1.17.3", ""), None);
    assert_eq!(machine("1.18.3", "MIX_ENV: prod"), None, "no task here uses that build");
}

#[test]
fn computed_dependencies_are_unknown_only_where_it_matters() {
    let mix = "defmodule Shop do\n  def project, do: [app: :shop, deps: [{:jason, \"~> 1.4\"}] ++ extra()]\n\n  \
               defp extra do\n    for name <- [:floki], do: {name, \"~> 0.36\"}\n  end\nend\n";
    let lock = lock(&[&hex("floki", "0.36.2"), &hex("jason", "1.4.4")]);
    let check = |fetched: &[(&str, &str)]| {
        let mut files = vec![("mix.exs", mix), ("mix.lock", lock.as_str())];
        files.extend_from_slice(fetched);
        Machine::new("", &files).says(&["check"])
    };
    let jason = ("deps/jason/mix.exs", "");
    let all = check(&[jason, ("deps/floki/mix.exs", "")]);
    assert_eq!(all.code, 0, "{}", all.text);
    let some = check(&[jason]);
    assert_eq!(some.code, 3, "{}", some.text);
    let words: Vec<&str> = some.text.split_whitespace().collect();
    assert!(words.join(" ").contains("mix.exs:5: dependencies are computed there"), "{}", some.text);
    let none = check(&[]);
    assert_eq!(none.code, 1, "{}", none.text);
}

#[test]
fn a_path_dependency_without_its_folder() {
    let with = |dep: &str, files: &[(&str, &str)]| {
        let mix = MIX.replace("{:jason, \"~> 1.4\"}", dep).replace(" | deps(:all)", "");
        let mut all = vec![("mix.exs", mix.as_str())];
        all.extend(files);
        Machine::new("", &all).finding("mix-path-dep-missing")
    };
    let found = with("{:shared, path: \"../shared\"}", &[]).unwrap();
    assert_eq!(found.message, "There is no folder for the dependency shared (../shared)");
    assert_eq!((found.severity.as_str(), found.places), ("error", vec!["mix.exs:12:7".to_owned()]));
    let there = ("/home/user/shared/mix.exs", "");
    assert_eq!(with("{:shared, path: \"../shared\"}", &[there]), None);
    assert_eq!(with("{:shared, path: System.get_env(\"SHARED\")}", &[]), None);
    assert_eq!(with("{:shared, in_umbrella: true}", &[]), None);
}
