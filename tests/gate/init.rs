//! `envdoctor init`.

use std::fs;

use crate::world::World;

const DEV_EXS: &str = r#"import Config

config :shop, Shop.Repo,
  username: "postgres",
  hostname: "localhost",
  port: 5433,
  database: "shop_dev"
"#;

const MIX_EXS: &str = r#"defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: "0.1.0", elixir: "~> 1.15", deps: deps()]
  end

  defp deps do
    [{:phoenix, "~> 1.7"}, {:ecto_sql, "~> 3.10"}, {:postgrex, ">= 0.0.0"}]
  end
end
"#;

/// A line that would be YAML without its `#`.
fn uncommented(line: &str) -> String {
    let setting = regex::Regex::new(r"^(\s*)# (\s*(?:- )?[a-z_-]+: ?.*)$").unwrap();
    match setting.captures(line) {
        Some(found) if !line.contains("`") && !found[2].contains(": none, cache") => {
            format!("{}{}", &found[1], &found[2])
        }
        _ => line.to_owned(),
    }
}

#[test]
fn what_it_writes_is_read_and_names_what_the_project_needs() {
    let world = World::new().with("mix.exs", MIX_EXS).with("config/dev.exs", DEV_EXS);
    world.put("flake.nix", "{ outputs = { self }: { }; }\n");
    let did = world.run(&["init"]);
    assert_eq!((did.code, did.stderr.as_str()), (0, ""));
    let path = world.project().join("envdoctor.yaml");
    let text = fs::read_to_string(&path).unwrap();
    for line in [
        "  elixir: \"~> 1.15\"  # mix.exs:5",
        "  postgresql: {port: 5433}  # config/dev.exs:5",
        "  nix: \">= 2.4\"  # flake.nix",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(world.run(&["config"]).code, 0, "{}", world.run(&["config"]).stderr);
    // What it only proposes is right, too.
    let proposed: String = text.lines().map(|line| uncommented(line) + "\n").collect();
    let keys = proposed
        .replace("  nix:", "  # nix:")
        .replace("  elixir: \"~> 1.17\"", "")
        .replace("  postgresql: {version", "  # {");
    fs::write(&path, &keys).unwrap();
    let config = world.run(&["config"]);
    assert_eq!(config.code, 0, "{}\n{keys}", config.stderr);
    for key in ["ignore.", "severity.", "skip", "fix.most"] {
        assert!(config.stdout.contains(key), "{key} is not in\n{}\n{keys}", config.stdout);
    }
}

#[test]
fn what_is_there_stays() {
    let world = World::new().with("envdoctor.yaml", "# mine\n");
    let did = world.run(&["init"]);
    assert_eq!(did.code, 0);
    assert!(did.stdout.contains("stays as it is"), "{}", did.stdout);
    assert_eq!(fs::read_to_string(world.project().join("envdoctor.yaml")).unwrap(), "# mine\n");
}

#[test]
fn an_empty_folder_gets_settings_that_say_little() {
    let world = World::new();
    assert_eq!(world.run(&["init"]).code, 0);
    let config = world.run(&["config"]);
    assert_eq!(config.code, 0, "{}", config.stderr);
    assert_eq!(world.run(&["check"]).code, 0);
}

#[test]
fn it_makes_itself_run_where_it_is_asked_to() {
    let world = World::new().with(".envrc", "use flake\n");
    let did = world.run(&["init", "--with", "github,gitlab,pre-commit,direnv,nix,bash"]);
    assert_eq!(did.code, 0, "{}", did.stderr);
    let read = |name: &str| fs::read_to_string(world.project().join(name)).unwrap();
    assert!(read(".envrc").starts_with("use flake\n\n") && read(".envrc").contains("use envdoctor"));
    assert!(read(".github/workflows/envdoctor.yml").contains("envdoctor"));
    assert!(read(".pre-commit-config.yaml").contains("id: envdoctor"));
    assert!(read(".gitlab-ci.yml").contains("codequality"));
    for told in ["direnv allow", "pre-commit install", "OWNER", "shellHook", "envdoctor hook bash"] {
        assert!(did.stdout.contains(told), "{told} is not in\n{}", did.stdout);
    }
    // A second time nothing is there twice.
    let before = ["envdoctor.yaml", ".envrc", ".gitlab-ci.yml", ".pre-commit-config.yaml"].map(read);
    let again = world.run(&["init", "--with", "github,gitlab,pre-commit,direnv"]);
    assert_eq!(again.code, 0);
    assert_eq!(["envdoctor.yaml", ".envrc", ".gitlab-ci.yml", ".pre-commit-config.yaml"].map(read), before);
}
