//! The GitLab component and snippet: by GitLab's schema, and their scripts run in a shell as a runner does.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::checkers;
use crate::lab::{Lab, output::Ran};
use crate::project::{RULE, broken, healthy, ours, snippet};
use crate::stand_in;

/// The component's inputs with their defaults, and what stands below them.
fn component() -> (BTreeMap<String, Option<String>>, String) {
    let text = ours("templates/envdoctor.yml");
    let (header, pipeline) = text.split_once("\n---\n").unwrap();
    let header: Value = serde_yaml::from_str(header).unwrap();
    let inputs = header["spec"]["inputs"].as_object().unwrap();
    let default = |input: &Value| input.get("default").map(|value| value.as_str().unwrap().to_owned());
    (inputs.iter().map(|(name, input)| (name.clone(), default(input))).collect(), pipeline.to_owned())
}

/// The component with these inputs put in, as GitLab does it before it reads the pipeline.
fn with_inputs(given: &[(&str, &str)]) -> String {
    let (mut inputs, mut pipeline) = component();
    for (name, value) in given {
        let known = inputs.insert((*name).to_owned(), Some((*value).to_owned()));
        assert!(known.is_some(), "the component has no input {name}");
    }
    for (name, value) in inputs {
        // GitLab keeps a value's type: a text stays one, whatever it looks like.
        let value = serde_json::to_string(&value.unwrap_or_else(|| panic!("{name} must be given"))).unwrap();
        pipeline = pipeline.replace(&format!("$[[ inputs.{name} ]]"), &value);
    }
    assert!(!pipeline.contains("$[["), "{pipeline}");
    pipeline
}

/// Runs the job's script as a runner's shell does.
fn run(lab: &mut Lab, pipeline: &str, shell: &[&str]) -> Ran {
    let pipeline: Value = serde_yaml::from_str(pipeline).unwrap();
    let job = &pipeline["envdoctor"];
    for (variable, value) in job["variables"].as_object().into_iter().flatten() {
        lab.set(variable, value.as_str().unwrap());
    }
    let lines: Vec<&str> =
        job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let reports = job["artifacts"]["reports"].as_object().unwrap();
    let ran = lab.run(&[shell, &["-c", &lines.join("\n")]].concat());
    for (report, file) in reports {
        let there = lab.project().join(file.as_str().unwrap()).exists();
        ran.must(there || which_is_a_stand_in(lab), &format!("the {report} report must be there"));
    }
    ran
}

fn which_is_a_stand_in(lab: &Lab) -> bool {
    lab.path("tools/envdoctor").exists()
}

/// GitLab's runner takes bash where there is one, else sh.
const SHELLS: [&[&str]; 2] = [&["bash", "-eo", "pipefail"], &["sh", "-e"]];

fn with_envdoctor(tools: &[&str]) -> Option<Lab> {
    let mut lab = Lab::host(tools)?;
    let here = lab.inside("");
    lab.put_on_path(&here);
    Some(lab)
}

#[test]
fn they_are_pipelines_by_gitlabs_schema() {
    let Some(lab) = Lab::host(&[]) else { return };
    let text = ours("templates/envdoctor.yml");
    let (header, pipeline) = text.split_once("\n---\n").unwrap();
    for (name, text) in [
        ("header.yml", header.to_owned()),
        ("component.yml", pipeline.to_owned()),
        ("filled.yml", with_inputs(&[("image", "elixir:1.18")])),
        ("snippet.yml", snippet("gitlab.yml")),
    ] {
        lab.write(name, &text);
        if !checkers::schema(&lab, "vendor.gitlab-ci", name) {
            return;
        }
    }
    lab.write("wrong.yml", &snippet("gitlab.yml").replace("codequality:", "code_quality:"));
    let checker = checkers::from_python("check-jsonschema").unwrap();
    lab.run(&[&checker, "--builtin-schema", "vendor.gitlab-ci", "wrong.yml"]).fails();
}

#[test]
fn their_scripts_report_and_gate() {
    for shell in SHELLS {
        for pipeline in [with_inputs(&[("image", "elixir:1.18")]), snippet("gitlab.yml")] {
            let Some(mut lab) = with_envdoctor(&["elixir"]) else { return };
            healthy(&lab);
            run(&mut lab, &pipeline, shell).exits(0);
            assert_eq!(lab.read("envdoctor-code-quality.json").trim(), "[]");

            broken(&lab);
            run(&mut lab, &pipeline, shell).exits(1).shows(RULE);
            let findings: Value = serde_json::from_str(&lab.read("envdoctor-code-quality.json")).unwrap();
            assert_eq!(findings[0]["check_name"], RULE);
            assert!(lab.read("envdoctor-junit.xml").contains(RULE));
        }
    }
}

/// Whatever an input holds, it is one argument.
#[test]
fn inputs_are_arguments_and_nothing_else() {
    for shell in SHELLS {
        let Some(mut lab) = Lab::host(&[]) else { return };
        stand_in::envdoctor(&mut lab, 3);
        let hostile = "a $(touch pwned) `touch pwned` \"; touch pwned; '";
        let pipeline = with_inputs(&[
            ("image", "elixir:1.18"),
            ("fail-on", "warning"),
            ("only", hostile),
            ("skip", "gpu,llm"),
            ("baseline", "ci/known findings.json"),
        ]);
        run(&mut lab, &pipeline, shell).exits(3);
        let expected = format!(
            "[check][--fail-on=warning][--only={hostile}][--skip=gpu,llm][--baseline=ci/known findings.json]\
             [--output=gitlab=envdoctor-code-quality.json][--output=junit=envdoctor-junit.xml]"
        );
        assert_eq!(stand_in::asked(&lab)[1], expected);
        assert!(!lab.project().join("pwned").exists());
    }
}
