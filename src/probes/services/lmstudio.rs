//! LM Studio: who asks for its server, whether it answers, and its models.

use serde::Deserialize;

use super::super::{Context, Probe};
use super::Listed;
use super::model_requests::{LocalServer, Requests, describe, local, requests};
use crate::facts::{Facts, Reading, Value};

pub(super) const CONFIGURED: Probe = Probe {
    name: "LM Studio's configuration",
    yields: &["lmstudio.asked_by", "lmstudio.address", "lmstudio.local"],
    usual: &[],
    apart: false,
    run: configured,
};

pub(super) const RUNNING: Probe = Probe {
    name: "LM Studio",
    yields: &["lmstudio.answers", "lmstudio.models", "lmstudio.missing_models"],
    usual: &[],
    apart: false,
    run: running,
};

// LM Studio reads no variable; this one is a convention of projects.
const SERVER: LocalServer =
    LocalServer { provider: "lmstudio", port: 1234, variables: &["LMSTUDIO_HOST"], models: &[] };

/// The root of its API, `http://localhost:1234/v1`, and what says so.
fn address(context: &Context, requests: &Requests) -> (String, &'static str) {
    match (context.machine().env("LMSTUDIO_HOST").present(), &requests.base_url) {
        (Some(variable), _) => (api(&variable), "LMSTUDIO_HOST"),
        (None, Some(url)) => (api(url), "opencode.json"),
        (None, None) => (api("localhost:1234"), "LM Studio's default"),
    }
}

/// The root of the API at an address that may leave parts of it out. Names and passwords are nobody's business.
fn api(address: &str) -> String {
    let address = address.trim().trim_end_matches('/');
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, "v1"));
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{authority}/{path}")
}

fn configured(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let requests = requests(context, &SERVER);
    let (address, source) = address(context, &requests);
    describe(&mut facts, "lmstudio", &requests, address, source);
    facts
}

#[derive(Deserialize)]
struct Models {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
}

fn running(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let requests = requests(context, &SERVER);
    let (address, _) = address(context, &requests);
    // No other machine is asked.
    if !local(&address) {
        return facts;
    }
    let source = format!("{address}/models");
    let models = context.machine().http(&source).and_then(|answer| match answer.status {
        200 => Reading::from(serde_json::from_str::<Models>(&answer.body).ok()),
        _ => Reading::Absent,
    });
    let names = models.map(|models| models.data.into_iter().map(|model| model.id).collect::<Vec<_>>());
    let answers = match &names {
        Reading::Absent => Reading::Present(Value::Bool(false)),
        names => names.clone().map(|_| Value::Bool(true)),
    };
    facts.add("lmstudio.answers", answers, &source);
    let missing = names.clone().map(|names| {
        let mut missing = Listed::default();
        for (model, place) in requests.models.into_iter().filter(|(model, _)| !names.contains(model)) {
            missing.texts.push(model);
            missing.places.extend(place);
        }
        missing
    });
    match missing {
        Reading::Present(missing) => missing.add_to(&mut facts, "lmstudio.missing_models", &source),
        other => facts.add("lmstudio.missing_models", other.and_then(|_| Reading::Absent), &source),
    }
    facts.add("lmstudio.models", names.map(Value::List), &source);
    facts
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};
    use super::api;

    #[test]
    fn roots_of_the_api() {
        for (address, root) in [
            ("http://localhost:1234/v1", "http://localhost:1234/v1"),
            ("localhost:1234", "http://localhost:1234/v1"),
            ("http://127.0.0.1:1234/", "http://127.0.0.1:1234/v1"),
            ("http://me:s3cret@localhost:1", "http://localhost:1/v1"),
        ] {
            assert_eq!(api(address), root);
        }
    }

    #[test]
    fn a_server_with_a_model_and_none() {
        let config = "env: {LMSTUDIO_HOST: 'http://localhost:1234/v1'}\nfiles: {/p/opencode.json: '{\"model\": \"lmstudio/openai/gpt-oss-20b\"}'}\n";
        let models = "http: {'http://localhost:1234/v1/models': {status: 200, body: '{\"data\": [{\"id\": \"qwen3-8b\", \"object\": \"model\"}], \"object\": \"list\"}'}}\n";
        let found = facts(&format!("{config}{models}"), "lmstudio.");
        assert_eq!(shown(&found, "lmstudio.asked_by"), "LMSTUDIO_HOST");
        assert_eq!(
            (shown(&found, "lmstudio.answers"), shown(&found, "lmstudio.models")),
            ("yes".into(), "qwen3-8b".into())
        );
        assert_eq!(shown(&found, "lmstudio.missing_models"), "openai/gpt-oss-20b @ opencode.json:1:11");
        let none = facts(config, "lmstudio.");
        assert_eq!(
            (shown(&none, "lmstudio.answers"), shown(&none, "lmstudio.missing_models")),
            ("no".into(), "-".into())
        );
        assert_eq!(shown(&facts("", "lmstudio."), "lmstudio.asked_by"), "-");
    }
}
