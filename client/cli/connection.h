// Decides which server a command talks to, as whom: flags before the environment before the context.
//
// Thread-safe: pure but for reading the credential's file.
#ifndef CANVASS_CLIENT_CLI_CONNECTION_H_
#define CANVASS_CLIENT_CLI_CONNECTION_H_

#include <string>

#include "absl/status/statusor.h"
#include "client/cli/contexts.h"
#include "client/cli/output/terminal.h"
#include "client/cpp/options.h"

namespace canvass::cli {

// What the command line says of it.
struct ConnectionFlags {
  std::string context;
  std::string address;
  std::string tenant;
  std::string key_file;
  // A duration such as 30s.
  std::string timeout;
};

struct Connection {
  client::ClientOptions options;
  // "tenants/-" or "tenants/acme".
  std::string tenant;
  // For messages: "CANVASS_KEY", "context 'demo'"; empty without a credential.
  std::string credential_source;
  // The context that was used; empty if none.
  std::string context;
  // What the user should know of the choice; usually empty.
  std::string note;
};

// The context is --context, else CANVASS_CONTEXT, else the current one; the address --address, else CANVASS_ADDRESS,
// else the context's, else 127.0.0.1:7443; the tenant --tenant, else CANVASS_TENANT, else the context's, else the
// credential's own. The credential is --key-file, else CANVASS_KEY, else CANVASS_KEY_FILE, else the context's; a
// context's credential is for its own address and never sent to another. UsageError if a named context does not exist,
// a file cannot be read or the timeout is none.
absl::StatusOr<Connection> ResolveConnection(const ConnectionFlags& flags, const Environment& environment,
                                             const ContextFile& contexts);

// The first line of a file that holds a credential. UsageError if it cannot be read or is empty.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_CONNECTION_H_
