//! Serena: whether its configuration can be read, and the projects that it is to work on are there.

use std::path::PathBuf;

use super::super::{Context, Probe};
use super::opencode_files::files;
use super::{Listed, named};
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{Located, mistakes_in_serena_config, mistakes_in_serena_project};

pub(super) const PROBE: Probe = Probe {
    name: "Serena",
    yields: &["serena.problems", "serena.missing_paths"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    match problems(context) {
        Ok(None) => {}
        Ok(Some(problems)) => {
            problems.add_to(&mut facts, "serena.problems", "project.yml, serena_config.yml")
        }
        Err(unknown) => facts.add("serena.problems", unknown, "project.yml, serena_config.yml"),
    }
    if let Some(missing) = missing_paths(context) {
        missing.add_to(&mut facts, "serena.missing_paths", "SERENA_PROJECT_PATH, opencode.json");
    }
    facts
}

/// What is wrong in the files; `None`: the project has none of them.
fn problems(context: &Context) -> Result<Option<Listed>, Reading<Value>> {
    let project = context.project.join(".serena/project.yml");
    let mut problems = Listed::default();
    if !check(context, project, mistakes_in_serena_project, &mut problems)? {
        return Ok(None);
    }
    let home = context.machine().env("SERENA_HOME").present().filter(|home| !home.trim().is_empty());
    let home = home.map(|home| PathBuf::from(home.trim())).or_else(|| Some(context.home()?.join(".serena")));
    if let Some(home) = home {
        check(context, home.join("serena_config.yml"), mistakes_in_serena_config, &mut problems)?;
    }
    Ok(Some(problems))
}

/// Whether a file is there; what is wrong in it joins the others.
fn check(
    context: &Context,
    file: PathBuf,
    mistakes: fn(&str) -> Vec<Located<String>>,
    problems: &mut Listed,
) -> Result<bool, Reading<Value>> {
    match context.machine().read(&file) {
        Reading::Present(text) => {
            for mistake in mistakes(&text) {
                problems.push(mistake.value, Place::at(named(context, &file), &text, mistake.offset));
            }
            Ok(true)
        }
        Reading::Absent => Ok(false),
        other => Err(other.and_then(|_| Reading::Absent)),
    }
}

/// The folders that SERENA_PROJECT_PATH and the `--project` of an MCP server name and that are not there; `None`: none is named.
fn missing_paths(context: &Context) -> Option<Listed> {
    let machine = context.machine();
    let mut named_any = false;
    let mut missing = Listed::default();
    let mut is_missing = |path: &str| {
        named_any = true;
        machine.resolve(&context.project.join(path)) == Reading::Absent
    };
    if let Some(path) = machine.env("SERENA_PROJECT_PATH").present().filter(|path| !path.is_empty())
        && is_missing(&path)
    {
        missing.texts.push(path);
    }
    let from_variable = missing.texts.len();
    let mut places = Vec::new();
    for file in files(context) {
        let servers = file.config.servers.iter();
        for server in servers.filter(|server| server.command.iter().any(|word| word.contains("serena"))) {
            let after = server.command.iter().skip_while(|word| *word != "--project").nth(1);
            let inline = server.command.iter().find_map(|word| word.strip_prefix("--project="));
            // A name without a slash may be one of the projects that Serena has on its list.
            if let Some(path) =
                after.map(String::as_str).or(inline).filter(|path| path.contains('/') && !path.contains('{'))
                && is_missing(path)
            {
                missing.texts.push(path.to_owned());
                places.push(file.place(server.offset));
            }
        }
    }
    if from_variable == 0 {
        missing.places = places;
    }
    named_any.then_some(missing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    #[test]
    fn files_that_serena_reads_and_refuses() {
        let healthy = "env: {HOME: /h}\nfiles: {/p/.serena/project.yml: 'languages: [elixir]', /h/.serena/serena_config.yml: 'projects: []'}\n";
        assert_eq!(shown(&facts(healthy, "serena."), "serena.problems"), "");
        let broken = "env: {SERENA_HOME: /s}\nfiles: {/p/.serena/project.yml: \"languages:\\n- elixir\\nname: [\\n\", /s/serena_config.yml: 'log: 1'}\n";
        let found = shown(&facts(broken, "serena."), "serena.problems");
        assert!(found.starts_with("not valid YAML: ") && found.contains(".serena/project.yml:"), "{found}");
        assert!(found.ends_with("/s/serena_config.yml:1:1"), "{found}");
        let none = facts("", "serena.");
        assert_eq!(
            (shown(&none, "serena.problems"), shown(&none, "serena.missing_paths")),
            ("-".into(), "-".into())
        );
    }

    #[test]
    fn projects_that_are_there_and_that_are_not() {
        let there =
            "env: {SERENA_PROJECT_PATH: /p/.serena}\nfiles: {/p/.serena/project.yml: 'languages: []'}\n";
        assert_eq!(shown(&facts(there, "serena."), "serena.missing_paths"), "");
        assert_eq!(
            shown(&facts("env: {SERENA_PROJECT_PATH: /gone}\n", "serena."), "serena.missing_paths"),
            "/gone"
        );
        let server = "files:\n  /p/opencode.json: '{\"mcp\": {\"serena\": {\"type\": \"local\", \"command\": [\"serena\", \"start-mcp-server\", \"--project\", \"/gone\"]}}}'\n";
        assert_eq!(shown(&facts(server, "serena."), "serena.missing_paths"), "/gone @ opencode.json:1:49");
    }
}
