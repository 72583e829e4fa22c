//! What a `mix.exs` says of its dependencies, read without running it.

mod deps;

use std::collections::{HashMap, VecDeque};

use tree_sitter::Node;

use super::elixir::{children, pairs, parse, source, string};
use super::located::locate;
use super::{Located, SyntaxError};
use deps::{bindings, deps, line, value_of};

/// A project, as its `mix.exs` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MixExs {
    /// The dependencies that it writes down, in order.
    pub deps: Vec<Dep>,
    /// The first line of what only running the file would tell of its dependencies, so that there may be others.
    pub computed: Option<usize>,
    /// The folder of an umbrella's applications.
    pub apps_path: Option<String>,
    /// The versions of Elixir that will do, where that can be read off.
    pub elixir: Option<Located<String>>,
    /// The folder of the fetched dependencies, where it is not `deps`.
    pub deps_path: Option<String>,
    /// The lock file, where it is not `mix.lock`.
    pub lockfile: Option<String>,
}

/// A dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dep {
    /// The application's name.
    pub name: String,
    /// The versions that will do, such as `~> 1.4`.
    pub requirement: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The only environments in which it is needed; empty: in all.
    pub only: Vec<String>,
    /// Its line, from 1.
    pub line: usize,
}

/// Where a dependency comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A package of Hex.
    Hex,
    /// A Git repository.
    Git,
    /// A folder beside the project, which is never fetched.
    Path,
}

impl Dep {
    /// Whether it is needed in a Mix environment.
    pub fn is_for(&self, environment: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == environment)
    }
}

/// Reads a `mix.exs`.
///
/// # Errors
/// The text is not Elixir, or too much of it.
pub fn parse_mix_exs(text: &str) -> Result<MixExs, SyntaxError> {
    let tree = parse(text)?;
    let functions = functions(tree.root_node(), text);
    let project = functions.get("project").map(Vec::as_slice).unwrap_or_default();
    let settings: HashMap<String, Node<'_>> =
        project.iter().rev().flat_map(|body| settings(*body, text)).collect();
    let bindings = bindings(tree.root_node(), text);
    let setting = |name: &str| settings.get(name).and_then(|node| string(*node, text));
    let starts = match settings.get("deps") {
        Some(value) => vec![*value],
        None => functions.get("deps").cloned().unwrap_or_default(),
    };
    let (deps, computed) = deps(starts, &functions, &bindings, text);
    let unread = ["lockfile", "deps_path", "apps_path"].into_iter().filter_map(|name| settings.get(name));
    let unread = unread.filter(|value| string(**value, text).is_none()).map(|value| line(*value));
    let no_list = project.iter().filter(|body| !value_of(**body, text).iter().all(|it| it.kind() == "list"));
    Ok(MixExs {
        deps,
        computed: computed.into_iter().chain(unread).chain(no_list.map(|body| line(*body))).min(),
        apps_path: setting("apps_path"),
        elixir: settings.get("elixir").and_then(|value| elixir(*value, &bindings, text)),
        deps_path: setting("deps_path"),
        lockfile: setting("lockfile"),
    })
}

type Functions<'a> = HashMap<&'a str, Vec<Node<'a>>>;

/// The bodies of the functions that the file defines, by name.
fn functions<'a>(root: Node<'a>, text: &'a str) -> Functions<'a> {
    let mut functions = Functions::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let below = children(node);
        if let Some((name, body)) = definition(node, &below, text) {
            functions.entry(name).or_default().push(body);
        }
        open.extend(below.into_iter().rev());
    }
    functions
}

fn definition<'a>(node: Node<'a>, parts: &[Node<'a>], text: &'a str) -> Option<(&'a str, Node<'a>)> {
    let [target, arguments, rest @ ..] = parts else { return None };
    if node.kind() != "call" || !matches!(source(*target, text), "def" | "defp") {
        return None;
    }
    let arguments = children(*arguments);
    let mut head = *arguments.first()?;
    if head.kind() == "binary_operator" {
        head = head.child_by_field_name("left")?;
    }
    let name = if head.kind() == "call" { head.child_by_field_name("target")? } else { head };
    let body = rest.first().copied().or_else(|| arguments.get(1).copied())?;
    (name.kind() == "identifier").then(|| (source(name, text), body))
}

/// The keywords of the outermost list in `project/0`.
fn settings<'a>(body: Node<'a>, text: &str) -> Vec<(String, Node<'a>)> {
    let mut open = VecDeque::from([body]);
    while let Some(node) = open.pop_front() {
        if node.kind() == "list" {
            return pairs(node, text);
        }
        open.extend(children(node));
    }
    Vec::new()
}

/// The requirement that a string, or a module attribute that is set to one just once, comes to.
fn elixir<'a>(
    value: Node<'a>,
    bindings: &HashMap<String, Vec<Node<'a>>>,
    text: &str,
) -> Option<Located<String>> {
    let value = match bindings.get(source(value, text)).map(Vec::as_slice) {
        Some([bound]) => *bound,
        _ => value,
    };
    locate(text, vec![(value.start_byte(), string(value, text)?)]).pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        parse_mix_exs(text).unwrap().deps.into_iter().map(|dep| dep.name).collect()
    }

    #[test]
    fn a_usual_project() {
        let text = r#"defmodule App.MixProject do
  use Mix.Project

  def project do
    [
      app: :app,
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
        assert_eq!((dep("jason").source, dep("jason").line), (Source::Hex, 15));
        assert_eq!(dep("credo").only, ["dev", "test"]);
        assert!(dep("credo").is_for("dev") && !dep("credo").is_for("prod"));
        assert!(dep("floki").is_for("test") && !dep("floki").is_for("dev"));
        assert_eq!(dep("heroicons").source, Source::Git);
        assert_eq!(dep("local").source, Source::Path);
        assert_eq!(dep("sibling").source, Source::Path);
        assert_eq!(dep("computed").requirement, None);
        assert_eq!(dep("ecto").only, ["dev"]);
    }

    #[test]
    fn the_required_elixir() {
        let elixir =
            |text: &str| parse_mix_exs(text).unwrap().elixir.map(|it| (it.value, it.line, it.column));
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
        assert!(parse_mix_exs(merged).unwrap().computed.is_some());
        let lock = "defmodule A do\n def project, do: [app: :a,\n  lockfile: lock()]\nend";
        assert_eq!(parse_mix_exs(lock).unwrap().computed, Some(3));
    }

    #[test]
    fn an_umbrella_and_its_child() {
        let root =
            parse_mix_exs("defmodule U do\n def project do\n [apps_path: \"apps\", deps: []]\n end\nend")
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
            Err(SyntaxError::Invalid { line: 1..=3 })
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
            Err(error) => assert_eq!(error, SyntaxError::TooMuch),
        }
    }
}
