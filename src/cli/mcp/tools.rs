//! The tools: what each takes, and what it says.

use anstream::adapter::strip_str;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::served::Served;
use crate::cli::args::Form;
use crate::cli::context::Context;
use crate::cli::explain::RuleForm;
use crate::cli::{Failure, check as checking, diagnose as diagnosing, facts as asking, fix, schema};
use crate::facts::{Facts, Reading, Value};
use crate::report::{Report, draw, draw_facts, draw_page, facts_to_json, form_to_json, to_json};
use crate::scan::Scan;
use crate::secrets::without_secrets;

/// So many bytes of a log are taken inline.
pub(super) const LONGEST_LOG: usize = 16 * 1024 * 1024;

/// Something that an agent can ask.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    input: fn() -> Json,
    output: Form,
    answer: fn(&Served, Json) -> Result<Answer, Failure>,
}

/// What a tool says, for a program and for a person.
pub(super) struct Answer {
    pub(super) json: Json,
    pub(super) text: String,
}

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "check",
        title: "Check this machine and project",
        description: "Ask the machine and the project what is wrong with the development environment. Each diagnosis is a \
                      root cause with its evidence and remedies. No code of the project is run.",
        input: schema_for::<Check>,
        output: Form::Report,
        answer: |served, arguments| check(served, &read(arguments)?),
    },
    Tool {
        name: "diagnose",
        title: "Name the root cause in a log",
        description: "Name the root cause of a failure in a tool's output: give the output as `log`, or a file of the \
                      project that holds it as `file`.",
        input: schema_for::<Diagnose>,
        output: Form::Report,
        answer: |served, arguments| diagnose(served, &read(arguments)?),
    },
    Tool {
        name: "explain",
        title: "Explain a rule",
        description: "Tell what a rule is about: why the failure happens, how it is recognised, what helps.",
        input: schema_for::<Explain>,
        output: Form::Explain,
        answer: |served, arguments| explain(served, &read(arguments)?),
    },
    Tool {
        name: "facts",
        title: "What is known of this machine and project",
        description: "Tell what is known of the machine and the project, with where each fact comes from. There are \
                      hundreds: name a `prefix`, such as `tool.elixir.`, `project.`, `host.`, `nix.` or `env.`.",
        input: schema_for::<FactsOf>,
        output: Form::Facts,
        answer: |served, arguments| facts(served, &read(arguments)?),
    },
    Tool {
        name: "plan",
        title: "What would repair it",
        description: "Show what `envdoctor fix` would do about a log, or without one about what a check finds. Nothing is \
                      done: a person runs `envdoctor fix` in a terminal.",
        input: schema_for::<Plan>,
        output: Form::Fix,
        answer: |served, arguments| plan(served, &read(arguments)?),
    },
];

impl Tool {
    pub(super) fn input(&self) -> Map<String, Json> {
        object((self.input)())
    }

    pub(super) fn output(&self) -> Map<String, Json> {
        object(schema::of(self.output))
    }

    pub(super) fn call(&self, served: &Served, arguments: Map<String, Json>) -> Result<Answer, Failure> {
        (self.answer)(served, Json::Object(arguments))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    /// A folder below the one in which the server was started, instead of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    project: Option<String>,
    /// Also list every rule that was judged, and not only what was found.
    #[serde(default)]
    examined: bool,
    /// Only these: ids of rules, families or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    /// All but these: ids of rules, families or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skip: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Diagnose {
    /// The tool's output, of at most 16 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    log: Option<String>,
    /// A file of the project that holds the output, instead of `log`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    file: Option<String>,
    /// The output was made on this machine and in this folder: ask them to confirm.
    #[serde(default)]
    here: bool,
    /// A folder below the one in which the server was started, instead of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    project: Option<String>,
    /// Only these: ids of rules, families or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    only: Vec<String>,
    /// All but these: ids of rules, families or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skip: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explain {
    /// The rule's id, as diagnoses name it.
    rule: String,
    /// A folder below the one in which the server was started, whose own rules are known too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    project: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FactsOf {
    /// Only facts whose names begin so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    prefix: Option<String>,
    /// A folder below the one in which the server was started, instead of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    project: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// The failed command's output, of at most 16 MiB, made on this machine and in this folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    log: Option<String>,
    /// A file of the project that holds the output, instead of `log`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    file: Option<String>,
    /// Only what this rule found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    rule: Option<String>,
    /// A folder below the one in which the server was started, instead of that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    project: Option<String>,
}

fn check(served: &Served, wanted: &Check) -> Result<Answer, Failure> {
    let mut context = served.context_of(wanted.project.as_deref(), &wanted.only, &wanted.skip)?;
    context.enter_project()?;
    let mut report = checking::examine(&context)?;
    if !wanted.examined {
        report.examined.clear();
    }
    Ok(of_report(&context, &report))
}

fn diagnose(served: &Served, wanted: &Diagnose) -> Result<Answer, Failure> {
    let context = served.context_of(wanted.project.as_deref(), &wanted.only, &wanted.skip)?;
    let output = output(served, &context, wanted.log.as_deref(), wanted.file.as_deref())?;
    let (scan, name) = output.ok_or_else(|| Failure("`log` or `file` must be given".to_owned()))?;
    Ok(of_report(&context, &diagnosing::examine(&context, scan, &name, wanted.here)?))
}

fn explain(served: &Served, wanted: &Explain) -> Result<Answer, Failure> {
    let context = served.context(wanted.project.as_deref())?;
    let rule = context.rule(&wanted.rule)?;
    Ok(Answer { json: form_to_json(&RuleForm::from(rule)), text: plain(&draw_page(rule, context.look)) })
}

fn facts(served: &Served, wanted: &FactsOf) -> Result<Answer, Failure> {
    let mut context = served.context(wanted.project.as_deref())?;
    context.enter_project()?;
    let mut facts = asking::gather(&context, wanted.prefix.as_deref());
    hide_secrets(&mut facts);
    Ok(Answer { json: facts_to_json(&facts), text: plain(&draw_facts(&facts, context.look)) })
}

fn plan(served: &Served, wanted: &Plan) -> Result<Answer, Failure> {
    let mut context = served.context_for(wanted.project.as_deref(), wanted.rule.as_deref())?;
    let output = output(served, &context, wanted.log.as_deref(), wanted.file.as_deref())?;
    let (report, log) = match output {
        Some((scan, name)) => (diagnosing::report(&context, scan, &name, true), Some(name)),
        None => {
            context.enter_project()?;
            (checking::examine(&context)?, None)
        }
    };
    let (json, mut text) = fix::plan_of(&context, report, log.as_deref(), wanted.rule.as_deref())?;
    if json["outcomes"].as_array().is_some_and(|outcomes| !outcomes.is_empty()) {
        let option = if log.is_some() { " --log FILE" } else { "" };
        let folder = context.project.display();
        text.push_str(&format!(
            "\nNothing was changed. A person applies this in a terminal: `envdoctor fix{option}` in {folder}.\n"
        ));
    }
    Ok(Answer { json, text: plain(&text) })
}

fn of_report(context: &Context, report: &Report) -> Answer {
    let note = context.unread_rules().map(|note| format!("{note}\n\n")).unwrap_or_default();
    Answer { json: to_json(report), text: plain(&format!("{note}{}", draw(report, context.look))) }
}

/// The output that is given, with its name.
fn output(
    served: &Served,
    context: &Context,
    log: Option<&str>,
    file: Option<&str>,
) -> Result<Option<(Scan, String)>, Failure> {
    let (scan, name) = match (log, file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(Failure("either `log` or `file`, not both".to_owned())),
        (Some(log), None) if log.len() > LONGEST_LOG => {
            return Err(Failure(format!(
                "`log` holds {} bytes, and at most {LONGEST_LOG} (16 MiB) may be given so: leave it in a file of the \
                 project, and name that as `file`",
                log.len()
            )));
        }
        (Some(log), None) => (diagnosing::read_text(context, log), "log".to_owned()),
        (None, Some(file)) => {
            let path = served.file(context, file)?;
            (diagnosing::read(context, &path)?.0, file.to_owned())
        }
    };
    match scan.blank {
        true => Err(Failure(format!("{name} is empty: there is nothing to diagnose"))),
        false => Ok(Some((scan, name))),
    }
}

/// Takes out of variables what nobody else may read: what a tool says goes to whoever runs the agent.
fn hide_secrets(facts: &mut Facts) {
    for (name, fact) in facts.iter_mut() {
        if let Some(variable) = name.strip_prefix("env.")
            && let Reading::Present(Value::Text(value)) = &mut fact.reading
        {
            *value = without_secrets(variable, value);
        }
    }
}

fn plain(text: &str) -> String {
    strip_str(text).to_string()
}

fn read<T: DeserializeOwned>(arguments: Json) -> Result<T, Failure> {
    serde_json::from_value(arguments).map_err(|error| Failure(format!("the arguments: {error}")))
}

fn schema_for<T: JsonSchema>() -> Json {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    // The name of a type in here means nothing to a caller.
    schema.remove("title");
    schema.to_value()
}

fn object(schema: Json) -> Map<String, Json> {
    match schema {
        Json::Object(object) => object,
        _ => Map::new(),
    }
}
