// The servers a person works with, each under a name, in a file that only they can read:
// $XDG_CONFIG_HOME/canvass/contexts.yaml, else ~/.config/canvass/contexts.yaml.
//
//   current: demo
//   contexts:
//     - name: demo
//       address: 127.0.0.1:7443
//       credential: cvk_…
//
// Not thread-safe; a writer replaces the file as a whole, so that a reader sees the old or the new one.
#ifndef CANVASS_CLIENT_CLI_CONTEXTS_H_
#define CANVASS_CLIENT_CLI_CONTEXTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

struct Context {
  std::string name;
  std::string address;
  // The tenant that short names belong to. Empty: the credential's own.
  std::string tenant;
  // The credential itself, or the file that holds it.
  std::string credential;
  std::string credential_file;
  // As client::TlsOptions.
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
};

struct ContextFile {
  // The name of the one that is used where none is named; may be empty.
  std::string current;
  std::vector<Context> contexts;

  // Nullptr if there is none of that name.
  const Context* Find(absl::string_view name) const;
  // Adds it, or replaces the one of its name.
  void Put(Context context);
  // False if there was none.
  bool Remove(absl::string_view name);
};

// Where the file is. UsageError if neither XDG_CONFIG_HOME nor HOME is set.
absl::StatusOr<std::string> ContextsPath(const Environment& environment);

// What is in the file; nothing if there is none. UsageError if it cannot be read or understood, or if others than its
// owner may read it.
absl::StatusOr<ContextFile> LoadContexts(const std::string& path);

// Replaces the file, readable and writable for its owner alone, and makes its folder. UsageError if that fails.
absl::Status SaveContexts(const std::string& path, const ContextFile& file);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_CONTEXTS_H_
