//! OpenCode's configuration: whether OpenCode takes it, and whether what it names is there.

use std::path::PathBuf;

use super::super::{Context, Probe};
use super::opencode_files::{ConfigFile, files, unreadable};
use super::{Listed, host_of};
use crate::facts::{Facts, Reading, Value};
use crate::machine::is_loopback;
use crate::project::{Located, McpServer};

pub(super) const PROBE: Probe = Probe {
    name: "OpenCode's configuration",
    yields: &[
        "opencode.files",
        "opencode.problems",
        "opencode.unknown_keys",
        "opencode.unset_variables",
        "opencode.missing_programs",
        "opencode.undefined_models",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let files = files(context);
    let of_project = files.iter().any(|file| file.of_project);
    // The user's own configuration is no matter of a project that has none.
    if let Some(unknown) = unreadable::<Value>(context, of_project) {
        for name in PROBE.yields {
            facts.add(*name, unknown.clone(), "opencode.json");
        }
        return facts;
    }
    if !of_project {
        return facts;
    }
    let source = files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let names = files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    facts.add("opencode.files", Reading::Present(Value::List(names)), &source);
    let mut problems = every(&files, |file| &file.config.problems);
    for (file, reference) in files.iter().flat_map(|file| file.config.files.iter().map(move |it| (file, it)))
    {
        if referred(context, file, &reference.value)
            .is_some_and(|path| context.machine().resolve(&path) == Reading::Absent)
        {
            let text = format!("the file in `{{file:{}}}` is not there", reference.value);
            problems.push(text, file.place(reference.offset));
        }
    }
    problems.add_to(&mut facts, "opencode.problems", &source);
    every(&files, |file| &file.config.unknown_keys).add_to(&mut facts, "opencode.unknown_keys", &source);
    let mut unset = Listed::default();
    for (file, variable) in
        files.iter().flat_map(|file| file.config.variables.iter().map(move |it| (file, it)))
    {
        if context.machine().env(&variable.value) == Reading::Absent && !unset.texts.contains(&variable.value)
        {
            unset.push(variable.value.clone(), file.place(variable.offset));
        }
    }
    unset.add_to(&mut facts, "opencode.unset_variables", &source);
    let mut missing = Listed::default();
    for (file, server) in files.iter().flat_map(|file| file.config.servers.iter().map(move |it| (file, it))) {
        if let Some(program) = missing_program(context, server) {
            missing.push(format!("{program} (of the MCP server {})", server.name), file.place(server.offset));
        }
    }
    missing.add_to(&mut facts, "opencode.missing_programs", &source);
    undefined_models(&files).add_to(&mut facts, "opencode.undefined_models", &source);
    facts
}

fn every(files: &[ConfigFile], of: fn(&ConfigFile) -> &Vec<Located<String>>) -> Listed {
    let mut all = Listed::default();
    for file in files {
        of(file).iter().for_each(|remark| all.push(remark.value.clone(), file.place(remark.offset)));
    }
    all
}

/// The path that `{file:…}` stands for.
fn referred(context: &Context, file: &ConfigFile, path: &str) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(below) => Some(context.home()?.join(below)),
        None => Some(file.path.parent()?.join(path)),
    }
}

/// The program of a server, if it is known not to be there.
fn missing_program(context: &Context, server: &McpServer) -> Option<String> {
    let program = server.command.first()?;
    if program.is_empty() || program.contains('{') || (server.own_path && !program.contains('/')) {
        return None;
    }
    let there = match program.contains('/') {
        true => context.machine().resolve(&context.project.join(program)),
        false => context.machine().which(program),
    };
    (there == Reading::Absent).then(|| program.clone())
}

/// Models of providers that only these files describe, and do not describe with this model. Of a provider that OpenCode knows by
/// itself it may have models that no file names.
fn undefined_models(files: &[ConfigFile]) -> Listed {
    let mut undefined = Listed::default();
    for (file, model) in files.iter().flat_map(|file| file.config.models.iter().map(move |it| (file, it))) {
        let Some((id, name)) = model.value.split_once('/') else { continue };
        let described: Vec<_> = files
            .iter()
            .flat_map(|file| &file.config.providers)
            .filter(|provider| provider.id == id)
            .collect();
        let own = id != "lmstudio"
            && described.iter().any(|it| it.base_url.as_ref().is_some_and(|url| is_loopback(host_of(url))));
        if own && !described.iter().any(|provider| provider.models.iter().any(|known| known == name)) {
            undefined.push(model.value.clone(), file.place(model.offset));
        }
    }
    undefined
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    #[test]
    fn a_configuration_with_nothing_wrong_and_none() {
        let found = facts(
            "which: {uvx: /bin/uvx}\nenv: {HOME: /h, KEY: x}\nfiles:\n  /p/key: ''\n  /h/notes: ''\n  \
             /p/opencode.jsonc: '{\"mcp\": {\"s\": {\"type\": \"local\", \"command\": [\"uvx\", \"{env:KEY}\", \"{file:key}\", \"{file:~/notes}\"]}}}'\n",
            "opencode.",
        );
        assert_eq!(shown(&found, "opencode.files"), "opencode.jsonc");
        for list in ["problems", "unknown_keys", "unset_variables", "missing_programs", "undefined_models"] {
            assert_eq!(shown(&found, &format!("opencode.{list}")), "", "{list}");
        }
        let none = facts(
            "env: {HOME: /h}\nfiles: {/h/.config/opencode/opencode.json: '{\"model\": 1}'}\n",
            "opencode.",
        );
        assert_eq!(
            (shown(&none, "opencode.files"), shown(&none, "opencode.problems")),
            ("-".into(), "-".into())
        );
    }

    #[test]
    fn what_is_not_there_is_pointed_at() {
        let found = facts(
            "env: {HOME: /h}\nfiles:\n  /p/opencode.json: |\n    {\n      \"model\": \"ollama/qwen4\",\n      \"mcpServers\": {},\n      \
             \"provider\": {\"ollama\": {\"options\": {\"baseURL\": \"http://localhost:11434/v1\", \"apiKey\": \"s3cret\"}, \"models\": {\"qwen3\": {}}}},\n      \
             \"mcp\": {\n        \"a\": {\"type\": \"local\", \"command\": [\"./bin/a\", \"{env:NOPE}\"]},\n        \"b\": {\"type\": \"local\", \"command\": [\"nosuch\"], \"enabled\": true}\n      }\n    }\n  \
             /h/.config/opencode/opencode.json: '{\"provider\": {\"x\": {\"options\": {\"apiKey\": \"{file:./key}\"}}}}'\n",
            "opencode.",
        );
        assert_eq!(shown(&found, "opencode.files"), "opencode.json, ~/.config/opencode/opencode.json");
        assert_eq!(
            shown(&found, "opencode.problems"),
            "the file in `{file:./key}` is not there @ ~/.config/opencode/opencode.json:1:43"
        );
        assert_eq!(shown(&found, "opencode.unknown_keys"), "`mcpServers` (it is `mcp`) @ opencode.json:3:3");
        assert_eq!(shown(&found, "opencode.unset_variables"), "NOPE @ opencode.json:6:51");
        assert_eq!(
            shown(&found, "opencode.missing_programs"),
            "./bin/a (of the MCP server a), nosuch (of the MCP server b) @ opencode.json:6:39 opencode.json:7:39"
        );
        assert_eq!(shown(&found, "opencode.undefined_models"), "ollama/qwen4 @ opencode.json:2:12");
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
    }

    #[test]
    fn what_cannot_be_read_is_not_called_absent() {
        let found = facts("unknown:\n  - {question: !read /p/opencode.json, reading: denied}\n", "opencode.");
        assert_eq!(shown(&found, "opencode.problems"), "? permission denied");
    }

    #[test]
    fn files_above_the_project_count_within_its_repository() {
        let recording = |git: &str| {
            format!(
                "project: /r/p\notherwise: absent\nfiles: {{/r/opencode.json: '{{\"model\": 1}}', /opencode.json: '[]'{git}}}\n"
            )
        };
        let files = |git: &str| shown(&facts(&recording(git), "opencode.files"), "opencode.files");
        assert_eq!(files(", /r/.git/HEAD: x"), "/r/opencode.json");
        assert_eq!(files(""), "-");
    }
}
