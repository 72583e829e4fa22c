//! The GitHub Action and its workflow: by the field's checkers, and each step's script run in bash as a runner does.

use std::collections::BTreeMap;
use std::fs;

use regex::Regex;
use serde::Deserialize;

use crate::checkers;
use crate::lab::{Lab, output::Ran};
use crate::project::{RULE, broken, healthy, ours, snippet};
use crate::stand_in;

/// The parts of action.yml that a runner goes by.
#[derive(Deserialize)]
struct Action {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Output>,
    runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    default: String,
}

#[derive(Deserialize)]
struct Output {
    value: String,
}

#[derive(Deserialize)]
struct Runs {
    using: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    id: String,
    shell: String,
    run: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default, rename = "working-directory")]
    working_directory: String,
}

fn action() -> Action {
    serde_yaml::from_str(&ours("action.yml")).unwrap()
}

/// A text with its expressions' values.
fn evaluated(text: &str, values: &BTreeMap<String, String>) -> String {
    let expression = Regex::new(r"\$\{\{ ([\w.-]+) \}\}").unwrap();
    let value = |found: &regex::Captures<'_>| {
        values.get(&found[1]).unwrap_or_else(|| panic!("nobody knows {}", &found[1])).clone()
    };
    expression.replace_all(text, value).into_owned()
}

/// What became of a job.
struct Job {
    steps: Vec<Ran>,
    outputs: BTreeMap<String, String>,
    summary: String,
    path: String,
}

/// Runs the action's steps as a runner does, up to the first that fails.
fn run(lab: &mut Lab, inputs: &[(&str, &str)]) -> Job {
    let action = action();
    assert_eq!(action.runs.using, "composite");
    for folder in ["runner", "action"] {
        fs::create_dir_all(lab.path(folder)).unwrap();
    }
    for (variable, file) in
        [("GITHUB_OUTPUT", "output"), ("GITHUB_PATH", "path"), ("GITHUB_STEP_SUMMARY", "summary")]
    {
        let file = format!("runner/{file}");
        fs::write(lab.path(&file), "").unwrap();
        lab.set(variable, &lab.inside(&file));
    }
    lab.set("GITHUB_ACTION_PATH", &lab.inside("action"));
    lab.set("GITHUB_WORKSPACE", &lab.inside("project"));
    lab.set("RUNNER_TEMP", &lab.inside("runner"));
    lab.set("GITHUB_ACTIONS", "true");

    let mut values: BTreeMap<String, String> =
        action.inputs.iter().map(|(name, input)| (format!("inputs.{name}"), input.default.clone())).collect();
    for (name, value) in inputs {
        let known = values.insert(format!("inputs.{name}"), (*value).to_owned());
        assert!(known.is_some(), "the action has no input {name}");
    }
    let mut steps = Vec::new();
    for step in &action.runs.steps {
        assert_eq!(step.shell, "bash");
        for (variable, value) in &step.env {
            lab.set(variable, &evaluated(value, &values));
        }
        fs::write(lab.path("runner/step.sh"), &step.run).unwrap();
        let script = lab.inside("runner/step.sh");
        let folder = format!("project/{}", evaluated(&step.working_directory, &values));
        let ran = lab.run_in(&folder, &["bash", "--noprofile", "--norc", "-eo", "pipefail", &script], b"");
        let output = fs::read_to_string(lab.path("runner/output")).unwrap();
        for line in output.lines() {
            let (name, value) = line.split_once('=').unwrap();
            values.insert(format!("steps.{}.outputs.{name}", step.id), value.to_owned());
        }
        let failed = ran.code() != 0;
        steps.push(ran);
        if failed {
            break;
        }
    }
    // An output that no step has set is empty.
    for output in ["exit-code", "sarif"] {
        values.entry(format!("steps.check.outputs.{output}")).or_default();
    }
    let outputs = action.outputs.iter();
    Job {
        steps,
        outputs: outputs.map(|(name, output)| (name.clone(), evaluated(&output.value, &values))).collect(),
        summary: fs::read_to_string(lab.path("runner/summary")).unwrap(),
        path: fs::read_to_string(lab.path("runner/path")).unwrap(),
    }
}

/// A machine with envdoctor on PATH.
fn with_envdoctor(tools: &[&str]) -> Option<Lab> {
    let mut lab = Lab::host(tools)?;
    let here = lab.inside("");
    lab.put_on_path(&here);
    Some(lab)
}

#[test]
fn the_action_is_one_by_githubs_schema() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("action.yml", &ours("action.yml"));
    if checkers::schema(&lab, "vendor.github-actions", "action.yml") {
        // The schema can tell.
        lab.write("action.yml", &ours("action.yml").replace("using:", "utilising:"));
        let checker = checkers::from_python("check-jsonschema").unwrap();
        lab.run(&[&checker, "--builtin-schema", "vendor.github-actions", "action.yml"]).fails();
    }
}

#[test]
fn the_action_is_safe_by_zizmor() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("action.yml", &ours("action.yml"));
    let Some(found) = checkers::zizmor(&lab, "action.yml") else { return };
    assert!(found.is_empty(), "{found:?}");
    // It can tell.
    lab.write("action.yml", &ours("action.yml").replace("\"--only=$ONLY\"", "${{ inputs.only }}"));
    assert_eq!(checkers::zizmor(&lab, "action.yml").unwrap(), ["template-injection"]);
}

#[test]
fn the_workflow_is_sound() {
    let Some(lab) = Lab::host(&["node"]) else { return };
    let workflow = ".github/workflows/envdoctor.yml";
    lab.write(workflow, &snippet("github.yml"));
    let _ = checkers::schema(&lab, "vendor.github-workflows", workflow);
    if let Some(said) = checkers::actionlint(&lab, workflow) {
        assert!(said.is_empty(), "{said:#?}");
        lab.write("wrong.yml", &snippet("github.yml").replace("cancelled()", "canceled()"));
        assert!(!checkers::actionlint(&lab, "wrong.yml").unwrap().is_empty());
    }
    if let Some(found) = checkers::zizmor(&lab, workflow) {
        // Which commit is current is for the project to look up.
        let others: Vec<_> = found.iter().filter(|audit| *audit != "unpinned-uses").collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

#[test]
fn the_workflow_names_inputs_and_outputs_that_there_are() {
    let action = action();
    let workflow: serde_json::Value = serde_yaml::from_str(&snippet("github.yml")).unwrap();
    let steps = workflow["jobs"]["envdoctor"]["steps"].as_array().unwrap();
    let ours = steps.iter().find(|step| step["id"] == "envdoctor").unwrap();
    for input in ours["with"].as_object().unwrap().keys() {
        assert!(action.inputs.contains_key(input), "{input}");
    }
    let used = Regex::new(r"steps\.envdoctor\.outputs\.([\w-]+)").unwrap();
    let text = snippet("github.yml");
    assert!(used.is_match(&text));
    for output in used.captures_iter(&text) {
        assert!(action.outputs.contains_key(&output[1]), "{}", &output[1]);
    }
}

#[test]
fn no_step_has_an_expression_in_its_script() {
    for step in action().runs.steps {
        assert!(!step.run.contains("${{"), "{}", step.run);
    }
}

#[test]
fn shellcheck_has_no_complaint() {
    let Some(lab) = Lab::host(&["shellcheck"]) else { return };
    for step in action().runs.steps {
        lab.write("step.sh", &step.run);
        lab.run(&["shellcheck", "--shell=bash", "step.sh"]).exits(0);
    }
}

#[test]
fn a_healthy_job_goes_on() {
    let Some(mut lab) = with_envdoctor(&["elixir"]) else { return };
    healthy(&lab);
    let job = run(&mut lab, &[]);
    assert_eq!(job.steps.len(), 2);
    job.steps[0].exits(0).shows(concat!("envdoctor ", env!("CARGO_PKG_VERSION")));
    job.steps[1].exits(0);
    assert!(!job.steps[1].stdout.contains("::error"), "{}", job.steps[1].stdout);
    assert_eq!(job.outputs["exit-code"], "0");
    assert_eq!(job.outputs["sarif"], "");
    assert_eq!(job.path, "", "what the job has is used");
}

#[test]
fn a_broken_job_fails_with_annotations_a_summary_and_a_sarif_report() {
    let Some(mut lab) = with_envdoctor(&["elixir"]) else { return };
    broken(&lab);
    let job = run(&mut lab, &[("sarif", "reports/envdoctor.sarif")]);
    // The folder of the report is the project's to make.
    job.steps[1].exits(2).complains("reports/envdoctor.sarif");

    fs::create_dir(lab.project().join("reports")).unwrap();
    let job = run(&mut lab, &[("sarif", "reports/envdoctor.sarif")]);
    let checked = &job.steps[1];
    checked.exits(1);
    let annotation = checked.stdout.lines().find(|line| line.starts_with("::error "));
    checked.must(annotation.is_some_and(|line| line.contains("file=mix.exs")), "an annotation in mix.exs");
    assert_eq!(job.summary.matches("## envdoctor").count(), 1, "{}", job.summary);
    assert!(job.summary.contains(RULE), "{}", job.summary);
    assert_eq!(job.outputs["exit-code"], "1");
    assert_eq!(job.outputs["sarif"], lab.inside("project/reports/envdoctor.sarif"));
    let sarif: serde_json::Value = serde_json::from_str(&lab.read("reports/envdoctor.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], RULE);
}

#[test]
fn a_project_in_a_subfolder() {
    let Some(mut lab) = with_envdoctor(&["elixir"]) else { return };
    lab.write("backend/.tool-versions", "");
    healthy(&lab);
    let job =
        run(&mut lab, &[("working-directory", "backend"), ("summary", "false"), ("sarif", "report.sarif")]);
    job.steps[1].exits(0);
    assert_eq!(job.outputs["sarif"], lab.inside("project/backend/report.sarif"));
    assert_eq!(job.summary, "");
}

/// Whatever an input holds, it is one argument.
#[test]
fn inputs_are_arguments_and_nothing_else() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    stand_in::envdoctor(&mut lab, 3);
    let hostile = "a $(touch pwned) `touch pwned` \"; touch pwned; '";
    let inputs = [
        ("fail-on", "warning"),
        ("only", hostile),
        ("skip", "gpu,llm"),
        ("baseline", "ci/known findings.json"),
        ("arguments", "--timeout=10\n\n--rules=our rules\n"),
        ("summary", "false"),
        ("sarif", "x.sarif\nexit-code=0"),
    ];
    let job = run(&mut lab, &inputs);
    job.steps[1].exits(3);
    let folder = lab.inside("project");
    let expected = format!(
        "[check][--format][github][--fail-on=warning][--only={hostile}][--skip=gpu,llm]\
         [--baseline=ci/known findings.json][--timeout=10][--rules=our rules][--output=sarif={folder}/x.sarif"
    );
    // The first two lines are of `envdoctor --version`.
    assert_eq!(stand_in::asked(&lab)[2..], [folder, expected, "exit-code=0]".to_owned()]);
    assert_eq!(job.outputs["exit-code"], "3");
    assert!(!lab.project().join("pwned").exists());
}

#[test]
fn an_absent_envdoctor_is_built_from_the_actions_own_tree() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    lab.set("PATH", "/usr/bin:/bin");
    let (log, built) = (lab.inside("cargo-asked"), lab.inside("envdoctor"));
    stand_in::program(
        &mut lab,
        "cargo",
        &format!(
            "printf '%s\\n' \"$*\" >'{log}'
             while [ \"$1\" != --root ]; do shift; done
             mkdir -p \"$2/bin\" && ln -s '{built}' \"$2/bin/envdoctor\""
        ),
    );
    lab.write(".tool-versions", "");
    let job = run(&mut lab, &[]);
    job.steps[0].exits(0);
    let bin = lab.inside("runner/envdoctor/bin");
    assert_eq!(job.path, format!("{bin}\n"));
    let asked = fs::read_to_string(lab.path("cargo-asked")).unwrap();
    let (action, root) = (lab.inside("action"), lab.inside("runner/envdoctor"));
    assert_eq!(asked, format!("install --locked --path {action} --root {root}\n"));

    // The runner puts what GITHUB_PATH holds before PATH for the steps that follow.
    lab.put_on_path(&bin);
    run(&mut lab, &[]).steps[1].exits(0);
}
