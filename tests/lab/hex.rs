//! A Hex registry of our own: built by Hex, served on the loopback interface for as long as the tests run.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    thread,
};

use super::Lab;

/// A package, its version, and its dependencies as mix.exs writes them.
pub(crate) type Release = (&'static str, &'static str, &'static str);

/// Builds a registry with these releases and points the lab's Hex at it.
pub(crate) fn serve_registry(lab: &mut Lab, releases: &[Release]) {
    fs::create_dir_all(lab.path("registry/public/tarballs")).unwrap();
    for release in releases {
        build_package(lab, release);
    }
    let key = "key = :public_key.generate_key({:rsa, 2048, 65537})
        pem = :public_key.pem_encode([:public_key.pem_entry_encode(:RSAPrivateKey, key)])
        File.write!(\"private_key.pem\", pem)";
    lab.run_in("registry", &["elixir", "-e", key], b"").exits(0);
    let build = ["mix", "hex.registry", "build", "public", "--name=hexpm", "--private-key=private_key.pem"];
    lab.run_in("registry", &build, b"").exits(0);

    let address = serve_folder(lab.path("registry/public"));
    lab.set("HEX_MIRROR", &address);
    // The registry is signed with our key and not with Hex's.
    lab.set("HEX_UNSAFE_REGISTRY", "1");
}

/// Puts an Elixir without Hex on PATH, and lets Mix install Hex from us: the one of Debian's package, as an archive.
pub(crate) fn take_hex_away(lab: &mut Lab) {
    let elixir = lab.inside("elixir");
    lab.run(&["cp", "-a", "/usr/lib/elixir", &elixir]).exits(0);
    fs::create_dir_all(lab.path("builds/installs/1.5.0")).unwrap();
    fs::rename(lab.path("elixir/lib/hex"), lab.path("builds/hex")).unwrap();
    lab.run_in("builds", &["elixir", "-e", include_str!("publish_hex.exs")], b"").exits(0);
    lab.put_on_path(&format!("{elixir}/bin"));
    // From 1.20 on the list is not signed.
    if lab.path("elixir/lib/mix/ebin/Elixir.Mix.Tasks.Local.PublicKeys.beam").exists() {
        lab.run(&["mix", "local.public_keys", "--force", &lab.inside("builds/key.pem")]).exits(0);
    }
    let address = serve_folder(lab.path("builds"));
    lab.set("HEX_BUILDS_URL", &address);
}

fn build_package(lab: &Lab, (package, version, dependencies): &Release) {
    let folder = format!("registry/{package}-{version}");
    let module = format!("{}{}", package[..1].to_uppercase(), &package[1..]);
    fs::create_dir_all(lab.path(&folder).join("lib")).unwrap();
    let file = |name: String, text: String| fs::write(lab.path(&folder).join(name), text).unwrap();
    file(
        format!("lib/{package}.ex"),
        format!("defmodule {module} do\n  def version, do: \"{version}\"\nend\n"),
    );
    file(
        "mix.exs".to_owned(),
        format!(
            "defmodule {module}.MixProject do
  use Mix.Project

  def project do
    [
      app: :{package},
      version: \"{version}\",
      deps: [{dependencies}],
      description: \"A package for tests\",
      package: [licenses: [\"MIT\"], links: %{{}}, files: [\"lib\", \"mix.exs\"]]
    ]
  end
end
"
        ),
    );
    let tarball = format!("../public/tarballs/{package}-{version}.tar");
    lab.run_in(&folder, &["mix", "hex.build", "--output", &tarball], b"").exits(0);
}

/// Serves a folder for as long as the tests run; the address.
fn serve_folder(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(&listener, &folder));
    format!("http://{address}")
}

fn serve(listener: &TcpListener, folder: &Path) {
    for stream in listener.incoming().flatten() {
        let folder = folder.to_owned();
        // A client that goes away in the middle is no concern of the others.
        thread::spawn(move || answer(stream, &folder));
    }
}

/// Answers one request with a file, as `HTTP/1.1` with one request a connection.
fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    while reader.read_line(&mut request)? > 2 {}
    let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let file: PathBuf = folder.join(path);
    let (status, body) = match fs::read(file) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
