#include "server/base/aip/field_mask.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/text/characters.h"

namespace canvass {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;

constexpr std::size_t kMaxPathInMessage = 100;

bool IsAllowed(absl::string_view path, absl::Span<const absl::string_view> allowed) {
  const std::size_t dot = path.find('.');
  if (dot == absl::string_view::npos) return absl::c_linear_search(allowed, path);
  const absl::string_view key = path.substr(dot + 1);
  return !key.empty() && key.find('.') == absl::string_view::npos &&
         absl::c_linear_search(allowed, absl::StrCat(path.substr(0, dot), ".*"));
}

const FieldDescriptor* FieldOf(const Message& message, absl::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

// `scratch` is a copy of the source; what it loses does not matter, since no field is taken twice.
void TakeField(const FieldDescriptor* field, Message& scratch, Message& target) {
  target.GetReflection()->SwapFields(&scratch, &target, {field});
}

void TakeKey(const FieldDescriptor* field, const std::string& key, const Message& source, Message& target) {
  const auto& from = static_cast<const Struct&>(source.GetReflection()->GetMessage(source, field));
  const auto value = from.fields().find(key);
  auto& to = static_cast<Struct&>(*target.GetReflection()->MutableMessage(&target, field));
  if (value == from.fields().end()) {
    to.mutable_fields()->erase(key);
  } else {
    (*to.mutable_fields())[key] = value->second;
  }
}

}  // namespace

absl::Status ApplyFieldMask(const google::protobuf::FieldMask& mask, absl::Span<const absl::string_view> allowed,
                            const Message& source, Message& target) {
  std::vector<absl::string_view> paths;
  if (mask.paths().empty() || (mask.paths_size() == 1 && mask.paths(0) == "*")) {
    absl::c_copy_if(allowed, std::back_inserter(paths),
                    [](absl::string_view path) { return !absl::EndsWith(path, ".*"); });
  }
  Violations violations;
  for (int i = 0; paths.empty() && i < mask.paths_size(); ++i) {
    if (IsAllowed(mask.paths(i), allowed)) continue;
    violations.Add(absl::StrCat("update_mask.paths[", i, "]"),
                   absl::StrCat("'", Shorten(mask.paths(i), kMaxPathInMessage),
                                "' cannot be changed; these can: ", absl::StrJoin(allowed, ", ")));
    if (violations.list().size() >= Violations::kMaxReported) break;
  }
  if (!violations.empty()) return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD_MASK);
  if (paths.empty()) paths.assign(mask.paths().begin(), mask.paths().end());
  absl::c_sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());

  const std::unique_ptr<Message> scratch(source.New());
  scratch->CopyFrom(source);
  for (absl::string_view path : paths) {
    const std::size_t dot = path.find('.');
    const FieldDescriptor* field = FieldOf(source, path.substr(0, dot));
    if (dot == absl::string_view::npos) {
      TakeField(field, *scratch, target);
    } else {
      TakeKey(field, std::string(path.substr(dot + 1)), source, target);
    }
  }
  return absl::OkStatus();
}

}  // namespace canvass
