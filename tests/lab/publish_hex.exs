# Makes of `hex/` what Mix installs Hex from: archives, and a list with the hash of each and the Elixir and OTP from which on it runs.
files = "hex/**" |> Path.wildcard(match_dot: true) |> Enum.filter(&File.regular?/1)
{:ok, [{:application, :hex, app}]} = :file.consult("hex/ebin/hex.app")

publish = fn suffix ->
  name = "hex-#{app[:vsn]}#{suffix}"
  content = for file <- files, do: {~c"#{name}/#{Path.relative_to(file, "hex")}", File.read!(file)}
  {:ok, {_, archive}} = :zip.create(~c"#{name}.ez", content, [:memory])
  File.write!("installs/1.5.0/#{name}.ez", archive)
  Base.encode16(:crypto.hash(:sha512, archive), case: :lower)
end

# Mix up to 1.19, and later.
list = "#{app[:vsn]},#{publish.("")},1.5.0\n"
File.write!("installs/hex-1.x.csv", list)
File.write!("installs/hex.csv", "#{app[:vsn]},#{publish.("-otp-25")},1.5.0,25\n")

key = :public_key.generate_key({:rsa, 2048, 65537})
File.write!("installs/hex-1.x.csv.signed", Base.encode64(:public_key.sign(list, :sha512, key)))
public = {:RSAPublicKey, elem(key, 2), elem(key, 3)}
File.write!("key.pem", :public_key.pem_encode([:public_key.pem_entry_encode(:SubjectPublicKeyInfo, public)]))
