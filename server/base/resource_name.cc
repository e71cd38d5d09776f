#include "server/base/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass {
namespace {

constexpr std::size_t kMaxChosenId = 63;

bool Unreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("._~@:+-").find(c) != absl::string_view::npos;
}

std::string Pattern(absl::Span<const absl::string_view> collections) {
  std::string pattern = "tenants/{tenant}";
  for (absl::string_view collection : collections) absl::StrAppend(&pattern, "/", collection, "/{id}");
  return pattern;
}

}  // namespace

std::string ResourceName(const TenantId& tenant, std::initializer_list<absl::string_view> segments) {
  std::string name = absl::StrCat("tenants/", tenant.value());
  for (absl::string_view segment : segments) absl::StrAppend(&name, "/", EncodeSegment(segment));
  return name;
}

absl::StatusOr<std::vector<std::string>> ParseResourceName(const TenantScope& scope,
                                                           absl::Span<const absl::string_view> collections,
                                                           absl::string_view field, absl::string_view name) {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  bool well_formed = segments.size() == 2 + 2 * collections.size() && segments[0] == "tenants" && !segments[1].empty();
  std::vector<std::string> ids;
  for (std::size_t i = 0; well_formed && i < collections.size(); ++i) {
    absl::StatusOr<std::string> id = DecodeSegment(segments[3 + 2 * i]);
    well_formed = segments[2 + 2 * i] == collections[i] && id.ok() && !id->empty();
    if (well_formed) ids.push_back(*std::move(id));
  }
  if (!well_formed) {
    return FieldError(
        v1::ERROR_REASON_INVALID_RESOURCE_NAME, field,
        absl::StrCat("'", absl::CHexEscape(name.substr(0, 200)), "' is not of the form ", Pattern(collections)));
  }
  if (segments[1] != "-" && segments[1] != scope.tenant().value()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND,
                 absl::StrCat(field, ": '", absl::CHexEscape(name.substr(0, 200)), "' does not exist"));
  }
  return ids;
}

absl::StatusOr<std::string> ParseChild(const TenantScope& scope, absl::string_view collection, absl::string_view field,
                                       absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(scope, {collection}, field, name));
  return std::move(ids[0]);
}

absl::Status CheckParent(const TenantScope& scope, absl::string_view parent) {
  return ParseResourceName(scope, {}, "parent", parent).status();
}

absl::Status CheckChosenId(absl::string_view field, absl::string_view id) {
  bool good = !id.empty() && id.size() <= kMaxChosenId && absl::ascii_islower(static_cast<unsigned char>(id[0])) &&
              id.back() != '-';
  for (char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    good = good && (absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '-');
  }
  if (good) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_IDENTIFIER, field,
                    absl::StrCat("'", absl::CHexEscape(id.substr(0, 100)),
                                 "' is not an identifier: 1 to 63 of a-z, 0-9 and '-', starting with a letter, not "
                                 "ending with '-'"));
}

absl::string_view LastSegment(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

std::string EncodeSegment(absl::string_view raw) {
  std::string encoded;
  for (char c : raw) {
    if (Unreserved(c)) {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%", absl::AsciiStrToUpper(absl::BytesToHexString(absl::string_view(&c, 1))));
    }
  }
  return encoded;
}

absl::StatusOr<std::string> DecodeSegment(absl::string_view segment) {
  std::string raw;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      raw.push_back(segment[i]);
      continue;
    }
    const absl::string_view hex = segment.substr(i + 1, 2);
    if (hex.size() != 2 || !absl::ascii_isxdigit(static_cast<unsigned char>(hex[0])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(hex[1]))) {
      return absl::InvalidArgumentError("a '%' must be followed by two hexadecimal digits");
    }
    raw += absl::HexStringToBytes(hex);
    i += 2;
  }
  return raw;
}

}  // namespace canvass
