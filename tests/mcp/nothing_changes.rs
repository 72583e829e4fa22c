//! Whatever an agent asks, the project, the home folder and envdoctor's own state stay as they are.

use serde_json::json;

use crate::lab::Lab;
use crate::session::Session;
use crate::tree::Tree;

#[test]
fn every_tool_leaves_all_as_it_is() {
    let lab = Lab::host(&[]).unwrap();
    lab.write("flake.nix", "{ outputs = _: { a = 1 }; }\n");
    lab.write(
        "mix.exs",
        "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"0.1.0\", elixir: \"~> 9.9\", \
         deps: [{:jason, \"~> 1.4\"}]]\nend\n",
    );
    let log = "error: hash mismatch in fixed-output derivation '/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.txt.drv':\n         \
               specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n            \
               got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=\n";
    lab.write("build.log", log);
    lab.write("fod.nix", "{ outputHash = \"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"; }\n");
    let look = || Tree::of(&lab.path(""), &["project", "home", "runtime"], &[]);
    let before = look();
    let mut session = Session::begin(&lab);
    session.ask("check", json!({"examined": true}));
    session.ask("facts", json!({}));
    session.ask("explain", json!({"rule": "nix-syntax-error"}));
    session.ask("diagnose", json!({"log": log, "here": true}));
    session.ask("diagnose", json!({"file": "build.log"}));
    let mut held_back = 0;
    for arguments in [json!({}), json!({"file": "build.log"}), json!({"log": log})] {
        let result = session.call("plan", arguments);
        let plan = &result["structuredContent"];
        let outcomes = plan["outcomes"].as_array().unwrap();
        assert!(outcomes.iter().all(|it| it["outcome"] == "held_back"), "{plan}");
        assert_eq!((plan["fix"].is_null(), plan["journal"].is_null()), (true, true));
        held_back += outcomes.len();
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains("Nothing was changed") && text.contains("`envdoctor fix"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    assert!(held_back >= 3, "the plans have something to do");
    assert!(session.close().success());
    assert_eq!(before.differences(&look()), Vec::<String>::new());
}

#[test]
fn variables_are_told_without_secrets() {
    let mut lab = Lab::host(&[]).unwrap();
    lab.set("HTTP_PROXY", "http://somebody:hunter2@proxy.example:3128");
    let mut session = Session::begin(&lab);
    let result = session.call("facts", json!({"prefix": "env.HTTP_PROXY"}));
    assert!(result.to_string().contains("proxy.example:3128"), "{result}");
    assert!(!result.to_string().contains("hunter2"), "{result}");
}
