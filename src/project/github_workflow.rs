//! GitHub's workflows: the versions that their jobs set up, and the images that they run in.

use super::yaml::{self, Node};
use super::{FormatError, Image, Located};

/// What a workflow's jobs work with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workflow {
    /// The inputs of actions that are named like versions.
    pub inputs: Vec<Input>,
    /// The images of containers and services.
    pub images: Vec<Image>,
}

/// An input of an action in one of a workflow's steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The action without its version, such as `erlef/setup-beam`.
    pub action: String,
    /// The input's name, such as `otp-version`.
    pub name: String,
    /// Its values: several where the job runs for each.
    pub values: Vec<Located<String>>,
}

/// So many values of one input are read, and so many parts of a text.
const MOST: usize = 64;

/// Reads a workflow. Left out is what only a run of it would tell.
///
/// # Errors
/// The file is not YAML, or too much of it.
pub fn parse_workflow(text: &str) -> Result<Workflow, FormatError> {
    let root = yaml::parse(text)?;
    let mut workflow = Workflow::default();
    for (_, job) in root.get("jobs").into_iter().flat_map(Node::entries) {
        let scope = Scope { root: &root, job };
        let container = job.get("container").map(|it| it.get("image").unwrap_or(it));
        let services = job.get("services").into_iter().flat_map(Node::entries);
        let services = services.filter_map(|(_, service)| service.get("image"));
        for image in container.into_iter().chain(services).filter_map(Node::text) {
            workflow.images.extend(scope.images(image));
        }
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            let Some(uses) = step.get("uses").and_then(Node::text) else { continue };
            let action = uses.value.split('@').next().unwrap_or_default();
            for (name, value) in step.get("with").into_iter().flat_map(Node::entries) {
                if !name.ends_with("-version") {
                    continue;
                }
                let values: Vec<_> =
                    value.text().map(|text| scope.values(text)).into_iter().flatten().take(MOST).collect();
                if !values.is_empty() {
                    workflow.inputs.push(Input { action: action.to_owned(), name: name.to_owned(), values });
                }
            }
        }
    }
    Ok(workflow)
}

/// Where a job's expressions are looked up.
struct Scope<'a> {
    root: &'a Node,
    job: &'a Node,
}

impl Scope<'_> {
    /// The values that a text stands for: itself, or what its one expression may come to.
    fn values(&self, text: &Located<String>) -> Vec<Located<String>> {
        match parts(&text.value).as_slice() {
            [Part::Expression(path)] => self.lookup(path),
            parts if parts.iter().all(|part| matches!(part, Part::Plain(_))) => {
                // A list of versions is written as several lines.
                let lines = text.value.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.map(|line| text.with(line.to_owned())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The images that a text stands for. Where more than one of its expressions has several values, nobody can tell
    /// which belong together.
    fn images(&self, text: &Located<String>) -> Vec<Image> {
        let mut images = vec![Image { name: text.with(String::new()), filled_in: Vec::new() }];
        for part in parts(&text.value) {
            let values = match part {
                Part::Plain(plain) => {
                    images.iter_mut().for_each(|image| image.name.value.push_str(plain));
                    continue;
                }
                Part::Expression(path) => self.lookup(path),
            };
            if values.is_empty() || values.len() > 1 && images.len() > 1 {
                return Vec::new();
            }
            let with = |image: &Image, value: &Located<String>| {
                let mut image = image.clone();
                image.name.value.push_str(&value.value);
                image.filled_in.push(value.clone());
                image
            };
            images =
                images.iter().flat_map(|image| values.iter().map(move |value| with(image, value))).collect();
        }
        images
    }

    /// What `matrix.elixir` or `env.ELIXIR_VERSION` may be.
    fn lookup(&self, path: &str) -> Vec<Located<String>> {
        let mut keys = path.split('.');
        let mut values: Vec<&Located<String>> = Vec::new();
        match keys.next() {
            Some("matrix") => {
                let matrix = self.job.get("strategy").and_then(|it| it.get("matrix"));
                let (Some(matrix), Some(name)) = (matrix, keys.next()) else { return Vec::new() };
                let rest: Vec<&str> = keys.collect();
                let included = matrix.get("include").into_iter().flat_map(Node::items);
                let listed = matrix.get(name).into_iter().flat_map(Node::items);
                for node in listed.chain(included.filter_map(|it| it.get(name))) {
                    values.extend(rest.iter().try_fold(node, |node, key| node.get(key)).and_then(Node::text));
                }
            }
            Some("env") => {
                let Some(name) = keys.next() else { return Vec::new() };
                let value = [self.job, self.root].into_iter().find_map(|it| it.get("env")?.get(name)?.text());
                values.extend(value);
            }
            _ => {}
        }
        let is_known = |value: &&Located<String>| !value.value.contains("${{");
        let mut known: Vec<Located<String>> = Vec::new();
        for value in values.into_iter().filter(is_known) {
            if known.len() < MOST && known.iter().all(|it| it.value != value.value) {
                known.push(value.clone());
            }
        }
        known
    }
}

/// A part of a text with expressions.
enum Part<'a> {
    Plain(&'a str),
    Expression(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let Some((expression, after)) = after.split_once("}}") else { break };
        if !before.is_empty() {
            parts.push(Part::Plain(before));
        }
        parts.push(Part::Expression(expression.trim()));
        rest = after;
        if parts.len() > MOST {
            return Vec::new();
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Plain(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::located::{line_and_column, line_of};
    use super::*;

    const WORKFLOW: &str = r#"
on: push
env:
  NODE: 22
jobs:
  test:
    strategy:
      matrix:
        elixir: ['1.17', "1.18"]
        otp: ["27"]
        include:
          - elixir: "1.16"
            otp: "26"
          - pair: {elixir: "1.15", otp: "24"}
    container: hexpm/elixir:${{ matrix.elixir }}-erlang-${{ matrix.otp }}
    services:
      db:
        image: postgres:${{ env.PG }}-alpine
      other: {image: "redis:7"}
    env: {PG: 16}
    steps:
      - uses: actions/checkout@v4
      - uses: erlef/setup-beam@v1
        with:
          elixir-version: ${{ matrix.elixir }}
          otp-version: ${{ matrix.pair.otp }}
          version-file: .tool-versions
          version-type: strict
      - uses: actions/setup-node@v4
        with: {node-version: "${{ env.NODE }}", cache: npm}
      - uses: actions/setup-python@v5
        with:
          python-version: |
            3.11
            3.12
      - uses: actions/setup-go@v5
        with:
          go-version: ${{ inputs.go }}
          node-version: v${{ env.NODE }}
      - run: mix test
  lint:
    container: {image: elixir:1.17-alpine}
"#;

    #[test]
    fn versions_and_images_of_every_job() {
        let workflow = parse_workflow(WORKFLOW).unwrap();
        let inputs: Vec<_> = workflow
            .inputs
            .iter()
            .map(|input| {
                let value = |it: &Located<String>| {
                    let (line, column) = line_and_column(WORKFLOW, it.offset);
                    format!("{}:{line}:{column}", it.value)
                };
                let values: Vec<_> = input.values.iter().map(value).collect();
                format!("{} {} {}", input.action, input.name, values.join(" "))
            })
            .collect();
        assert_eq!(
            inputs,
            [
                "erlef/setup-beam elixir-version 1.17:9:18 1.18:9:26 1.16:12:21",
                "erlef/setup-beam otp-version 24:14:41",
                "actions/setup-node node-version 22:4:9",
                "actions/setup-python python-version 3.11:34:13 3.12:34:13",
            ]
        );
        let images: Vec<_> = workflow.images.iter().map(|image| image.name.value.as_str()).collect();
        assert_eq!(images, ["postgres:16-alpine", "redis:7", "elixir:1.17-alpine"]);
        assert_eq!(line_of(WORKFLOW, workflow.images[0].filled_in[0].offset), 20);
    }

    #[test]
    fn one_matrix_in_an_image_is_spread_out() {
        let text =
            "jobs:\n  t:\n    strategy: {matrix: {v: [1, 2, 2]}}\n    container: elixir:${{matrix.v}}-slim\n";
        let names: Vec<_> =
            parse_workflow(text).unwrap().images.into_iter().map(|image| image.name.value).collect();
        assert_eq!(names, ["elixir:1-slim", "elixir:2-slim"]);
        let computed =
            "jobs:\n  t:\n    strategy: {matrix: \"${{ fromJSON(x) }}\"}\n    container: a:${{matrix.v}}\n";
        assert_eq!(parse_workflow(computed).unwrap(), Workflow::default());
        assert!(parse_workflow("jobs: [").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_workflow_is_too_odd(from in 0..WORKFLOW.len(), to in 0..WORKFLOW.len()) {
            let _ = parse_workflow(&format!("{}{}", &WORKFLOW[..from], &WORKFLOW[to..]));
        }
    }
}
