#include "server/metrics/dimension.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/conditions/facts.h"

namespace canvass::metrics {
namespace {

absl::string_view ChannelText(v1::Invitation::Channel channel) {
  switch (channel) {
    case v1::Invitation::CHANNEL_IN_APP:
      return "in_app";
    case v1::Invitation::CHANNEL_EMAIL:
      return "email";
    case v1::Invitation::CHANNEL_WEBHOOK:
      return "webhook";
    case v1::Invitation::CHANNEL_LINK:
      return "link";
    default:
      return "";
  }
}

std::string Cut(std::string text) {
  if (text.size() <= kMaxTextBytes) return text;
  std::size_t end = kMaxTextBytes;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string FactAt(const google::protobuf::Struct& facts, absl::string_view path) {
  const google::protobuf::Value* value = conditions::Find(facts, path);
  return value == nullptr ? "" : Cut(conditions::FactText(*value));
}

}  // namespace

std::string DimensionKey(const Dimension& dimension) {
  // Lengths in front, so that no two combinations run together into one text.
  std::string text;
  for (const auto& [path, fact] : dimension) absl::StrAppend(&text, path.size(), ":", path, fact.size(), ":", fact);
  return Digest16(text);
}

std::string DimensionPayload(const Dimension& dimension) {
  google::protobuf::ListValue list;
  for (const auto& [path, fact] : dimension) {
    list.add_values()->set_string_value(path);
    list.add_values()->set_string_value(fact);
  }
  return list.SerializeAsString();
}

absl::StatusOr<Dimension> ParseDimension(absl::string_view payload) {
  google::protobuf::ListValue list;
  if (!list.ParseFromArray(payload.data(), static_cast<int>(payload.size())) || list.values_size() % 2 != 0) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 "a stored combination of breakdowns is damaged");
  }
  Dimension dimension;
  for (int i = 0; i < list.values_size(); i += 2) {
    dimension.emplace_back(list.values(i).string_value(), list.values(i + 1).string_value());
  }
  return dimension;
}

absl::string_view TextOf(const Dimension& dimension, absl::string_view path) {
  const auto it =
      std::find_if(dimension.begin(), dimension.end(), [&](const auto& pair) { return pair.first == path; });
  return it == dimension.end() ? absl::string_view() : it->second;
}

std::string BreakdownText(absl::string_view path, const v1::Response& response) {
  if (path == "response.language") return Cut(response.language());
  if (path == "response.channel") return std::string(ChannelText(response.channel()));
  return FactAt(response.facts(), path);
}

std::string BreakdownText(absl::string_view path, const v1::Invitation& invitation) {
  return absl::StartsWith(path, "response.") ? "" : FactAt(invitation.facts(), path);
}

}  // namespace canvass::metrics
