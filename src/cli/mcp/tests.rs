use super::*;
use crate::cli::args::{Args, Command};
use crate::cli::load::Which;

use clap::Parser;

fn server() -> Server {
    let args = Args::try_parse_from(["envdoctor", "mcp"]).unwrap();
    assert!(matches!(args.command, Command::Mcp));
    let context = Context::new(&args.global, Which::All).unwrap();
    Server { served: Arc::new(Served::new(&context, &args.global).unwrap()), turn: Arc::default() }
}

fn text(result: &CallToolResult) -> &str {
    &result.content[0].as_text().unwrap().text
}

#[test]
fn a_tool_that_panics_is_an_answer_and_the_next_one_works() {
    let server = server();
    let runtime = Builder::new_current_thread().build().unwrap();
    let failed = runtime.block_on(server.answer(|_| panic!("a mistake")));
    assert_eq!(failed.is_error, Some(true));
    assert!(text(&failed).contains("mistake in envdoctor"), "{failed:?}");
    let next = runtime
        .block_on(server.answer(|_| Ok(Answer { json: serde_json::json!({}), text: "well".to_owned() })));
    assert_eq!((next.is_error, text(&next)), (Some(false), "well"));
}

#[test]
fn every_tool_only_reads_and_has_schemas_of_objects() {
    for tool in TOOLS.iter().map(listed) {
        let annotations = tool.annotations.as_ref().unwrap();
        assert_eq!((annotations.read_only_hint, annotations.destructive_hint), (Some(true), Some(false)));
        for schema in [&tool.input_schema, tool.output_schema.as_ref().unwrap()] {
            assert_eq!(schema["type"], "object", "{}", tool.name);
        }
    }
}
