#include "client/cli/sending/watching.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "client/cli/output/message_json.h"

namespace canvass::cli {

void PrintWatched(Session& session, const google::protobuf::Message& message, absl::string_view name,
                  absl::string_view line) {
  switch (session.out().format()) {
    case Format::kTable:
      return session.out().PrintText(absl::StrCat(line, "\n"));
    case Format::kJson:
      return session.out().PrintText(absl::StrCat(ToJson(message).dump(), "\n"));
    case Format::kYaml:
      session.out().PrintText("---\n");
      return session.out().PrintAs(message, "").IgnoreError();
    case Format::kName:
      return session.out().PrintText(absl::StrCat(name, "\n"));
  }
}

}  // namespace canvass::cli
