// The table of settings: name, meaning, and how a text becomes a value. One row per setting; nothing else lists them.
#ifndef CANVASS_SERVER_MAIN_SETTINGS_H_
#define CANVASS_SERVER_MAIN_SETTINGS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/main/config.h"

namespace canvass {

struct Setting {
  absl::string_view name;
  // How the value is shown in the help; empty for a switch, which needs none on the command line.
  absl::string_view value;
  absl::string_view help;
  // InvalidArgument with what is allowed.
  std::function<absl::Status(Config&, absl::string_view)> set;
  // The default as text, from a default Config.
  std::function<std::string(const Config&)> show;
};

absl::Span<const Setting> Settings();

// "http-listen" → "CANVASS_HTTP_LISTEN".
std::string EnvironmentName(absl::string_view setting);

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_SETTINGS_H_
