//! Real and odd forms of `mix.exs`.

use super::*;
use crate::project::located::line_and_column;

fn names(text: &str) -> Vec<String> {
    parse_mix_exs(text).unwrap().deps.into_iter().map(|dep| dep.name).collect()
}

#[test]
fn a_usual_project() {
    let text = r#"defmodule App.MixProject do
  use Mix.Project
  @app :app

  def project do
    [
      app: @app,
      version: "0.1.0",
      docs: [deps: [ecto: "https://example.com"]],
      deps: deps()
    ]
  end

  # {:commented, "~> 1.0"}
  defp deps do
    [
      {:jason, "~> 1.4"},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:floki, ">= 0.30.0", only: :test},
      {:heroicons,
       github: "tailwindlabs/heroicons", tag: "v2.1.1", app: false, compile: false, depth: 1},
      {:local, path: "../local"},
      {:sibling, in_umbrella: true},
      {:computed, version()},
      {:ecto, "~> 3.0", [repo: "acme", only: :dev]}
    ]
  end

  defp version, do: "~> 2.0"
end
"#;
    let project = parse_mix_exs(text).unwrap();
    let dep = |name: &str| project.deps.iter().find(|dep| dep.name == name).unwrap();
    assert_eq!(
        project.deps.iter().map(|dep| dep.name.as_str()).collect::<Vec<_>>(),
        ["jason", "credo", "floki", "heroicons", "local", "sibling", "computed", "ecto"]
    );
    assert_eq!(dep("jason").requirement.as_deref(), Some("~> 1.4"));
    assert_eq!(dep("jason").source, Source::Hex);
    assert!(text[dep("jason").offset..].starts_with("{:jason"));
    assert_eq!((project.app.as_deref(), project.version.as_deref()), (Some("app"), Some("0.1.0")));
    assert_eq!(dep("credo").environments.only.as_deref(), Some(&["dev".to_owned(), "test".to_owned()][..]));
    assert!(!dep("credo").runtime && dep("jason").runtime);
    assert!(dep("credo").is_for("dev") && !dep("credo").is_for("prod"));
    assert!(dep("floki").is_for("test") && !dep("floki").is_for("dev"));
    assert_eq!(dep("heroicons").source, Source::Git);
    assert_eq!(dep("local").source, Source::Path);
    assert_eq!(dep("sibling").source, Source::Path);
    assert_eq!(dep("computed").requirement, None);
    assert!(dep("ecto").is_for("dev") && !dep("ecto").is_for("test"));
    let heroicons = dep("heroicons").repository.clone().unwrap();
    assert_eq!(heroicons.url, "https://github.com/tailwindlabs/heroicons.git");
    assert_eq!(heroicons.checkout, [("tag".to_owned(), "v2.1.1".to_owned())]);
}

#[test]
fn the_required_elixir() {
    let elixir = |text: &str| {
        let elixir = parse_mix_exs(text).unwrap().elixir?;
        let (line, column) = line_and_column(text, elixir.offset);
        Some((elixir.value, line, column))
    };
    let project = |value: &str| {
        format!("defmodule A do\n  @v \"~> 1.15\"\n  def project, do: [app: :a, elixir: {value}]\nend")
    };
    assert_eq!(elixir(&project("\"~> 1.17\"")), Some(("~> 1.17".to_owned(), 3, 38)));
    assert_eq!(elixir(&project("@v")), Some(("~> 1.15".to_owned(), 2, 6)));
    assert_eq!(elixir(&project("version()")), None);
    assert_eq!(elixir("defmodule A do\n def project, do: [app: :a]\nend"), None);
}

#[test]
fn lists_that_are_put_together() {
    assert_eq!(
        names(
            "defmodule A do\n def project, do: [app: :a, deps: deps(Mix.env()) ++ [{:x, \"1.0.0\"}]]\n \
                 defp deps(:dev), do: [{:a, \"~> 1.0\"}] ++ deps(:all)\n \
                 defp deps(_) when true do\n  base = {:b, \"~> 1.0\"}\n  if true do\n   [base, {:c, git: \"g\"}]\n  \
                 else\n   case x do {:ok, v} -> [{:d, v}]; _ -> extra end\n  end\n end\n \
                 defp extra, do: [e: \"~> 1.0\"] |> Enum.map(fn {:zz, \"1\"} -> 1 end)\nend"
        ),
        ["x", "a", "b", "c", "d"]
    );
}

fn computed(deps: &str) -> Option<usize> {
    let text = format!(
        "defmodule A do\n @version \"~> 1.0\"\n @deps [{{:a, \"1.0\"}}]\n \
             def project, do: [app: :a, deps: deps()]\n defp more, do: [{{:m, \"1.0\"}}]\n \
             defp options, do: [path: \"o\"]\n defp deps do\n  {deps}\n end\nend"
    );
    parse_mix_exs(&text).unwrap().computed
}

#[test]
fn what_only_running_it_would_tell_is_said_to_be_so() {
    for literal in [
        "[]",
        "@deps",
        "@deps ++ more() ++ [{:b, git: \"g\", only: [:dev, :test]}]",
        "[{:a, @version}, {:r, ~r/1/}, {:u, in_umbrella: true}, {:o, \"1\", [only: :dev]}, k: \"1.0\"]",
        "base = {:b, \"1.0\"}\n  [base, {:c, \"1.0\"}]",
        "(more())",
    ] {
        assert_eq!(computed(literal), None, "{literal}");
    }
    for other in [
        "@other",
        "Enum.map([:a, :b], &{&1, \"~> 1.0\"})",
        "[{:a, \"1.0\"}] |> Enum.concat(more())",
        "Code.eval_file(\"deps.exs\") |> elem(0)",
        "elsewhere()",
        "[{:a, \"1.0\"} | Shared.deps()]",
        "if System.get_env(\"X\"), do: [{:a, \"1.0\"}], else: []",
        "for name <- [:a], do: {name, \"1.0\"}",
        "[{name(), \"1.0\"}]",
        "[{:a, options()}]",
        "[{:a, \"1.0\", only: envs()}]",
        "[a: version()]",
    ] {
        assert_eq!(computed(other), Some(8), "{other}");
    }
    let merged = "defmodule A do\n def project do\n  Keyword.merge(base(), [app: :a])\n end\nend";
    assert!(parse_mix_exs(merged).unwrap().unread.is_some());
    let lock = "defmodule A do\n def project, do: [app: :a,\n  lockfile: lock()]\nend";
    assert_eq!(parse_mix_exs(lock).unwrap().unread, Some(3));
}

#[test]
fn an_umbrella_and_its_child() {
    let root = parse_mix_exs("defmodule U do\n def project do\n [apps_path: \"apps\", deps: []]\n end\nend")
        .unwrap();
    assert_eq!((root.apps_path.as_deref(), root.deps.len()), (Some("apps"), 0));
    let child = parse_mix_exs(
            "defmodule C do\n def project do\n [deps_path: \"../../deps\", lockfile: \"../../mix.lock\"]\n end\nend",
        )
        .unwrap();
    assert_eq!(child.deps_path.as_deref(), Some("../../deps"));
    assert_eq!(child.lockfile.as_deref(), Some("../../mix.lock"));
}

#[test]
fn what_is_no_project() {
    assert_eq!(parse_mix_exs(""), Ok(MixExs::default()));
    assert_eq!(parse_mix_exs("IO.puts(1)"), Ok(MixExs::default()));
    assert!(matches!(
        parse_mix_exs("defmodule A do\n def project do\n  [deps: [{:a, \"1\"]\n end\nend"),
        Err(FormatError::Invalid { line: 1..=3, .. })
    ));
    assert!(parse_mix_exs("\u{feff}\0\u{1}%{").is_err());
}

#[test]
fn endless_recursion_and_deep_nesting_end() {
    assert_eq!(
        names(
            "defmodule A do\n def project, do: [deps: a()]\n defp a, do: b() ++ a()\n defp b, do: a()\nend"
        ),
        Vec::<String>::new()
    );
    for (open, close) in [("[", "]"), ("{", "}"), ("(", ")"), ("f(", ")"), ("-", "")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let _ = parse_mix_exs(&deep);
        let _ = parse_mix_exs(&open.repeat(100_000));
        let _ = parse_mix_exs(&format!("defmodule A do\n def project, do: [deps: {deep}]\nend"));
    }
}

#[test]
fn a_long_list_takes_no_longer_for_each() {
    let list: String = (0..20_000).map(|n| format!("{{:dep{n}, \"~> 1.0\"}},\n")).collect();
    let text = format!("defmodule A do\n def project, do: [deps: [{list}]]\nend");
    match parse_mix_exs(&text) {
        Ok(project) => assert_eq!(project.deps.len(), 20_000),
        Err(error) => assert_eq!(error, FormatError::TooMuch),
    }
}

/// Each dependency with the environments that need it, and a question mark where more decides than that.
fn when(deps: &str) -> Vec<String> {
    let text = format!(
        "defmodule A do\n def project, do: [app: :a, deps: {deps}]\n \
         defp deps(:all), do: [{{:a, \"1.0\"}}]\n defp deps(:test), do: [{{:t, \"1.0\"}}] ++ deps(:all)\n \
         defp deps(_), do: deps(:all)\nend"
    );
    let deps = parse_mix_exs(&text).unwrap().deps;
    deps.iter()
        .map(|dep| {
            let of = ["dev", "test", "prod"].into_iter().filter(|name| dep.is_for(name));
            let unsure = if dep.certain { "" } else { "?" };
            format!("{} {}{unsure}", dep.name, of.collect::<Vec<_>>().join("+"))
        })
        .collect()
}

#[test]
fn what_the_environment_alone_decides_is_known() {
    for (deps, expected) in [
        ("deps(Mix.env())", &["a dev+test+prod", "t test"][..]),
        ("deps(:test)", &["a dev+test+prod", "t dev+test+prod"]),
        ("if Mix.env() == :dev, do: [{:x, \"1.0\"}], else: [{:y, \"1.0\"}]", &["x dev", "y test+prod"]),
        ("if Mix.env() in [:dev, :test] do\n [{:x, \"1.0\"}]\n end", &["x dev+test"]),
        (
            "unless Mix.env() == :prod do\n [{:x, \"1.0\"}]\n else\n [{:y, \"1.0\"}]\n end",
            &["x dev+test", "y prod"],
        ),
        (
            "case Mix.env() do\n :dev -> [{:x, \"1.0\"}]\n _ -> [{:y, \"1.0\"}]\n end",
            &["x dev", "y test+prod"],
        ),
        (
            "case Mix.env() do\n env when env in [:dev, :test] -> [{:x, \"1.0\"}]\n _ -> []\n end",
            &["x dev+test"],
        ),
        ("[{:x, \"1.0\", only: :test} | deps(:test)]", &["x test", "a dev+test+prod", "t dev+test+prod"]),
        (
            "[Mix.env() == :dev && {:x, \"1.0\"}, {:y, \"1.0\"}] |> Enum.filter(& &1)",
            &["x dev", "y dev+test+prod"],
        ),
        ("[{:x, \"1.0\", only: ~w(dev test)a}]", &["x dev+test"]),
    ] {
        assert_eq!(when(deps), expected, "{deps}");
    }
    for (deps, expected) in [
        ("if System.get_env(\"X\"), do: [{:x, \"1.0\"}], else: []", &["x dev+test+prod?"][..]),
        ("[{:x, path_or_version()}, {:y, \"1.0\"}]", &["x dev+test+prod?", "y dev+test+prod"]),
    ] {
        assert_eq!(when(deps), expected, "{deps}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "defmodule A do\n", "def project, do: ", "defp deps(", ":dev", "Mix.env()", ") do\n", "end\n", "[", "]",
                "{:a, ", "\"~> 1.0\"", "}", "deps: deps(", ", ", "if ", " == ", ", do: ", ", else: ", "case ", " -> ",
                " ++ ", " | ", "@x ", "app: :a", "only: ", "\u{e9}", "\0",
            ]),
            0..40,
        )
    ) {
        let text = parts.concat();
        if let Ok(project) = parse_mix_exs(&text) {
            proptest::prop_assert!(project.deps.iter().all(|dep| dep.offset < text.len()));
        }
    }
}
