//! Ollama: who asks for it, whether it answers, and where its models lie.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::{Context, Probe};
use super::Listed;
use super::model_requests::{LocalServer, Requests, describe, local, requests};
use crate::facts::{Facts, Reading, Value};
use crate::formats::ollama_address;

pub(super) const CONFIGURED: Probe = Probe {
    name: "Ollama's configuration",
    yields: &["ollama.asked_by", "ollama.address", "ollama.local", "ollama.wanted_models"],
    usual: &[],
    apart: false,
    run: configured,
};

pub(super) const RUNNING: Probe = Probe {
    name: "Ollama",
    yields: &[
        "ollama.answers",
        "ollama.version",
        "ollama.models",
        "ollama.missing_models",
        "ollama.models_on_cpu",
    ],
    usual: &[],
    apart: false,
    run: running,
};

const SERVER: LocalServer =
    LocalServer { provider: "ollama", port: 11434, variables: &["OLLAMA_HOST"], models: &["OLLAMA_MODEL"] };

/// Where it is reached, and what says so.
fn address(context: &Context, requests: &Requests) -> (String, &'static str) {
    match (context.machine().env("OLLAMA_HOST").present(), &requests.base_url) {
        (Some(variable), _) => (ollama_address(&variable), "OLLAMA_HOST"),
        (None, Some(url)) => (ollama_address(url), "opencode.json"),
        (None, None) => (ollama_address(""), "Ollama's default"),
    }
}

fn configured(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let requests = requests(context, &SERVER);
    let (address, source) = address(context, &requests);
    describe(&mut facts, "ollama", &requests, address, source);
    wanted(requests).add_to(&mut facts, "ollama.wanted_models", "OLLAMA_MODEL, opencode.json");
    facts
}

/// The models, with their places if all have one.
fn wanted(requests: Requests) -> Listed {
    let (texts, places): (Vec<_>, Vec<_>) = requests.models.into_iter().unzip();
    Listed { texts, places: places.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default() }
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Models {
    #[serde(default)]
    models: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    name: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    size_vram: u64,
}

/// What Ollama answers; absent: nobody does, or another program.
fn ask<T: DeserializeOwned>(context: &Context, address: &str, path: &str) -> Reading<T> {
    context.machine().http(&format!("{address}{path}")).and_then(|answer| match answer.status {
        200 => Reading::from(serde_json::from_str(&answer.body).ok()),
        _ => Reading::Absent,
    })
}

fn running(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let requests = requests(context, &SERVER);
    let (address, _) = address(context, &requests);
    // No other machine is asked.
    if !local(&address) {
        return facts;
    }
    let version: Reading<Version> = ask(context, &address, "/api/version");
    let state: Reading<()> = match &version {
        Reading::Present(_) => Reading::Present(()),
        other => other.why_unknown().map_or(Reading::Absent, Reading::failed),
    };
    let answers = match &state {
        Reading::Absent => Reading::Present(Value::Bool(false)),
        state => state.clone().map(|()| Value::Bool(true)),
    };
    let source = |path: &str| format!("{address}{path}");
    facts.add("ollama.answers", answers, source("/api/version"));
    facts.add("ollama.version", version.map(|answer| answer.version.into()), source("/api/version"));
    if context.wants("ollama.models") || context.wants("ollama.missing_models") {
        let models = state.clone().and_then(|()| ask::<Models>(context, &address, "/api/tags"));
        let names =
            models.map(|answer| answer.models.into_iter().map(|model| model.name).collect::<Vec<_>>());
        let missing = names.clone().map(|names| missing(&wanted(requests), &names));
        match missing {
            Reading::Present(missing) => {
                missing.add_to(&mut facts, "ollama.missing_models", &source("/api/tags"))
            }
            other => {
                facts.add("ollama.missing_models", other.and_then(|_| Reading::Absent), source("/api/tags"))
            }
        }
        facts.add("ollama.models", names.map(Value::List), source("/api/tags"));
    }
    if context.wants("ollama.models_on_cpu") {
        let loaded = state.and_then(|()| ask::<Models>(context, &address, "/api/ps"));
        let on_cpu = loaded.map(|answer| {
            let models = answer.models.into_iter().filter(|model| model.size > 0 && model.size_vram == 0);
            Value::List(models.map(|model| model.name).collect())
        });
        facts.add("ollama.models_on_cpu", on_cpu, source("/api/ps"));
    }
    facts
}

/// The wanted models that are not there. One without a tag is the latest; those of Ollama's cloud need not be there.
fn missing(wanted: &Listed, names: &[String]) -> Listed {
    let full = |name: &str| {
        let name = name.to_lowercase();
        if name.rsplit('/').next().is_some_and(|last| last.contains(':')) {
            name
        } else {
            format!("{name}:latest")
        }
    };
    let there: Vec<String> = names.iter().map(|name| full(name)).collect();
    let is_missing = |name: &String| !name.ends_with("cloud") && !there.contains(&full(name));
    let mut missing = Listed::default();
    for (index, name) in wanted.texts.iter().enumerate().filter(|(_, name)| is_missing(name)) {
        missing.texts.push(name.clone());
        missing.places.extend(wanted.places.get(index).cloned());
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    const CONFIG: &str = "files: {/p/opencode.json: '{\"model\": \"ollama/qwen3\", \"small_model\": \"ollama/gone:1b\", \"provider\": {\"ollama\": {\"options\": {\"baseURL\": \"http://localhost:11434/v1\"}}}}'}\n";

    /// The answers as Ollama's API documentation has them.
    fn server(address: &str) -> String {
        format!(
            "http:\n  {address}/api/version: {{status: 200, body: '{{\"version\": \"0.12.6\"}}'}}\n  \
             {address}/api/tags: {{status: 200, body: '{{\"models\": [{{\"name\": \"qwen3:latest\", \"model\": \"qwen3:latest\", \"size\": 5}}]}}'}}\n  \
             {address}/api/ps: {{status: 200, body: '{{\"models\": [{{\"name\": \"qwen3:latest\", \"size\": 5137025024, \"size_vram\": 0}}, \
             {{\"name\": \"a:1b\", \"size\": 9, \"size_vram\": 4}}]}}'}}\n"
        )
    }

    #[test]
    fn a_server_with_one_of_two_models_on_the_processor() {
        let found = facts(&format!("{CONFIG}{}", server("http://localhost:11434")), "ollama.");
        assert!(shown(&found, "ollama.asked_by").starts_with("opencode.json @ opencode.json:1:"));
        assert_eq!(shown(&found, "ollama.address"), "http://localhost:11434");
        assert_eq!(shown(&found, "ollama.answers"), "yes");
        assert_eq!(shown(&found, "ollama.version"), "0.12.6");
        assert_eq!(shown(&found, "ollama.models"), "qwen3:latest");
        assert_eq!(shown(&found, "ollama.missing_models"), "gone:1b @ opencode.json:1:42");
        assert_eq!(shown(&found, "ollama.models_on_cpu"), "qwen3:latest");
    }

    #[test]
    fn nobody_answers_another_program_does_and_another_machine_is_not_asked() {
        let nobody = facts(CONFIG, "ollama.");
        assert_eq!(
            (shown(&nobody, "ollama.answers"), shown(&nobody, "ollama.models")),
            ("no".into(), "-".into())
        );
        let other = "http: {'http://localhost:11434/api/version': {status: 404, body: x}}\n";
        assert_eq!(shown(&facts(&format!("{CONFIG}{other}"), "ollama."), "ollama.answers"), "no");
        let away = facts("env: {OLLAMA_HOST: gpu.example.com}\n", "ollama.");
        assert_eq!(shown(&away, "ollama.address"), "http://gpu.example.com:11434");
        assert_eq!((shown(&away, "ollama.local"), shown(&away, "ollama.answers")), ("no".into(), "-".into()));
        let slow =
            "unknown: [{question: !http 'http://localhost:11434/api/version', reading: !timed_out 2000}]\n";
        let slow = facts(&format!("{CONFIG}{slow}"), "ollama.");
        assert_eq!(shown(&slow, "ollama.answers"), "? no answer in 2.0 s");
        assert_eq!(shown(&slow, "ollama.missing_models"), "? no answer in 2.0 s");
    }

    #[test]
    fn variables_ask_for_it_too() {
        let found = facts(
            &format!(
                "env: {{OLLAMA_HOST: 'http://localhost', OLLAMA_MODEL: qwen3}}\n{}",
                server("http://localhost:80")
            ),
            "ollama.",
        );
        assert_eq!(shown(&found, "ollama.asked_by"), "OLLAMA_HOST");
        assert_eq!(
            (shown(&found, "ollama.wanted_models"), shown(&found, "ollama.missing_models")),
            ("qwen3".into(), "".into())
        );
        assert_eq!(shown(&found, "ollama.answers"), "yes");
        assert_eq!(shown(&facts("", "ollama."), "ollama.asked_by"), "-");
        let users_own =
            "env: {HOME: /h}\nfiles: {/h/.config/opencode/opencode.json: '{\"model\": \"ollama/x\"}'}\n";
        assert_eq!(shown(&facts(users_own, "ollama."), "ollama.asked_by"), "-");
    }
}
