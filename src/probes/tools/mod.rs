//! Which tools are there, where, and in which version.

pub(super) mod beam;
mod debian;
mod headers;
mod hex;
mod install_path;
mod locate;
pub(super) mod mix_home;
mod npm;
mod output;
mod shim;
mod version;

use super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

pub use debian::is_tool_package;
pub(super) use locate::{Executable, locate};
pub(super) use version::version_in_files;

pub(super) const PROBE: Probe =
    Probe { name: "tools", yields: &["tool.*.path", "tool.*.version"], usual: &NAMES, apart: true, run };

/// A tool that the doctor knows more of than its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tool {
    /// The program.
    pub(super) name: &'static str,
    /// What version managers and Nix's packages call it.
    plugins: &'static [&'static str],
    /// Debian's package.
    package: &'static str,
    /// Whether it may be started to learn its version. Never the BEAM: it takes long, and reads the user's files.
    may_run: bool,
}

const fn tool(
    name: &'static str,
    plugins: &'static [&'static str],
    package: &'static str,
    may_run: bool,
) -> Tool {
    Tool { name, plugins, package, may_run }
}

pub(super) const TOOLS: &[Tool] = &[
    tool("nix", &["nix", "lix"], "nix-bin", true),
    tool("direnv", &["direnv"], "direnv", true),
    tool("elixir", &["elixir"], "elixir", false),
    tool("erl", &["erlang"], "erlang-base", false),
    tool("mix", &["elixir"], "elixir", false),
    tool("hex", &["hex"], "erlang-hex", false),
    tool("node", &["nodejs", "node"], "nodejs", true),
    tool("npm", &["nodejs", "node"], "npm", false),
    tool("psql", &["postgresql", "postgres"], "postgresql-client-", true),
    tool("postgres", &["postgresql", "postgres"], "postgresql-", true),
    tool("git", &["git"], "git", true),
    tool("python3", &["python", "python3"], "python3", true),
    tool("asdf", &["asdf", "asdf-vm"], "asdf", true),
    tool("mise", &["mise"], "mise", true),
];

/// The names of these tools.
pub(super) const NAMES: [&str; TOOLS.len()] = {
    let mut names = [""; TOOLS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = TOOLS[at].name;
        at += 1;
    }
    names
};

/// The programs whose version can be told.
pub fn tool_names() -> &'static [&'static str] {
    &NAMES
}

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    for name in context.subjects() {
        // Where a tool stands is known without starting it.
        if name != "hex" && !context.wants(&format!("tool.{name}.version")) {
            let path = context.machine().which(name).map(|path| path.to_string_lossy().into_owned().into());
            facts.add(format!("tool.{name}.path"), path, "PATH");
            continue;
        }
        let (path, version) = find(context, name);
        facts.add(format!("tool.{name}.path"), path.reading, path.source);
        facts.add(format!("tool.{name}.version"), version.reading, version.source);
    }
    facts
}

fn find(context: &Context, name: &str) -> (Answer, Answer) {
    match TOOLS.iter().find(|tool| tool.name == name) {
        Some(tool) if tool.name == "hex" => hex::find(context),
        Some(tool) => known(context, tool),
        None => unknown(context, name),
    }
}

/// Where a tool stands, and its version.
pub(super) fn path_and_version(context: &Context, name: &str) -> (Reading<Value>, Reading<Value>) {
    let (path, version) = find(context, name);
    (path.reading, version.reading)
}

/// What was learnt, and where from.
struct Answer {
    reading: Reading<Value>,
    source: String,
}

impl Answer {
    fn new(reading: Reading<Value>, source: impl Into<String>) -> Self {
        Answer { reading, source: source.into() }
    }
}

fn known(context: &Context, tool: &Tool) -> (Answer, Answer) {
    let located = locate(context, tool.name);
    let path = located.path.clone().map(|path| Value::from(path.to_string_lossy().into_owned()));
    (Answer::new(path, "PATH"), version::version(context, tool, &located))
}

/// A tool of which only a rule knows the name: it is looked for but never started.
fn unknown(context: &Context, name: &str) -> (Answer, Answer) {
    let path = context.machine().which(name);
    let version = path.clone().and_then(|_| Reading::failed(format!("nothing tells the version of {name}")));
    (
        Answer::new(path.map(|path| path.to_string_lossy().into_owned().into()), "PATH"),
        Answer::new(version, "PATH"),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::super::gather;
    use crate::facts::Reading;
    use crate::machine::{Machine, Question, Reply};

    /// Has every program, and refuses to start any.
    struct Unstarted;

    impl Machine for Unstarted {
        fn ask(&self, question: &Question) -> Reading<Reply> {
            match question {
                Question::Which(program) => Reading::Present(Reply::Path(format!("/opt/{program}").into())),
                Question::Run { argv } => panic!("{argv:?} was started"),
                _ => Reading::Absent,
            }
        }
    }

    #[test]
    fn nothing_is_started_to_learn_where_a_tool_stands() {
        let wanted = ["tool.mise.path", "tool.git.path"].map(str::to_owned).into();
        let facts = gather(Arc::new(Unstarted), "/p".as_ref(), &wanted, Duration::from_secs(5));
        assert_eq!(facts.get("tool.mise.path").unwrap().reading, Reading::Present("/opt/mise".into()));
    }
}
