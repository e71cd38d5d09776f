#include "client/cli/people/contact_columns.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/exit_code.h"
#include "client/cli/names.h"

namespace canvass::cli {
namespace {

// More digits than that do not fit a number exactly.
constexpr std::size_t kMaxDigits = 15;

std::string Folded(absl::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)), {{" ", "_"}, {"-", "_"}});
}

// The attribute that a column of this title is: what its key may not have becomes '_'.
std::string KeyFor(absl::string_view title) {
  std::string key(absl::StripAsciiWhitespace(title));
  for (char& c : key) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return key;
}

bool IsKey(absl::string_view key) {
  return !key.empty() && absl::c_any_of(key, [](char c) { return c != '_'; }) &&
         absl::c_all_of(key, [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; });
}

bool IsNumber(absl::string_view text, double& value) {
  const absl::string_view digits = absl::StripPrefix(text, "-");
  const bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
  if (digits.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(digits[0])) || leading_zero ||
      digits.size() > kMaxDigits + 1) {
    return false;
  }
  const bool plain =
      absl::c_all_of(digits, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.'; });
  return plain && absl::SimpleAtod(text, &value);
}

bool IsBoolean(absl::string_view text, bool& value) {
  value = absl::EqualsIgnoreCase(text, "true");
  return value || absl::EqualsIgnoreCase(text, "false");
}

absl::StatusOr<v1::Address::Consent> ReadConsent(absl::string_view text) {
  const std::string folded = Folded(text);
  for (const absl::string_view yes : {"yes", "true", "1", "granted"}) {
    if (folded == yes) return v1::Address::CONSENT_GRANTED;
  }
  for (const absl::string_view no : {"no", "false", "0", "denied"}) {
    if (folded == no) return v1::Address::CONSENT_DENIED;
  }
  return absl::InvalidArgumentError("must be yes, no or empty");
}

v1::Address& AddressOf(v1::Invitation::Channel channel, v1::Contact& contact) {
  for (v1::Address& address : *contact.mutable_addresses()) {
    if (address.channel() == channel) return address;
  }
  v1::Address& added = *contact.add_addresses();
  added.set_channel(channel);
  return added;
}

// Telephone numbers as people group them, with the 0 of calls from within the country in parentheses.
std::string WithoutGrouping(absl::string_view number) {
  return absl::StrReplaceAll(number, {{"(0)", ""}, {" ", ""}, {"-", ""}, {"(", ""}, {")", ""}, {".", ""}, {"/", ""}});
}

std::pair<std::string, std::string> SplitAtEquals(const std::string& assignment) {
  // A title may hold '=', a field may not.
  const std::size_t equals = assignment.rfind('=');
  if (equals == std::string::npos) return {assignment, ""};
  return {assignment.substr(0, equals), assignment.substr(equals + 1)};
}

}  // namespace

std::optional<ContactColumns::Field> ContactColumns::FieldCalled(absl::string_view name) {
  static constexpr std::pair<absl::string_view, Field> kFields[] = {
      {"id", Field::kId},
      {"external_id", Field::kId},
      {"email", Field::kEmail},
      {"e_mail", Field::kEmail},
      {"phone", Field::kPhone},
      {"language", Field::kLanguage},
      {"time_zone", Field::kTimeZone},
      {"consent_email", Field::kConsentEmail},
      {"consent_sms", Field::kConsentSms},
  };
  const auto* found = absl::c_find_if(kFields, [&](const auto& field) { return field.first == Folded(name); });
  return found == std::end(kFields) ? std::nullopt : std::optional<Field>(found->second);
}

void ContactColumns::Assign(Column& column, absl::string_view target, std::vector<std::string>& faults) {
  if (const std::optional<Field> field = FieldCalled(target); field.has_value()) {
    column.field = *field;
  } else if (IsKey(target)) {
    column.field = Field::kAttribute;
    column.key = std::string(target);
  } else {
    faults.push_back(absl::StrCat("column '", column.title,
                                  "' is neither a field nor the name of an attribute (letters, digits and _); say "
                                  "--map '",
                                  column.title, "=NAME', or leave it out by --map '", column.title, "=-'"));
  }
}

void ContactColumns::Map(const std::vector<std::string>& maps, std::vector<std::string>& faults) {
  std::vector<const Column*> mapped;
  for (const std::string& map : maps) {
    const auto [title, target] = SplitAtEquals(map);
    const auto found = absl::c_find_if(columns_, [&, &name = title](const Column& c) { return c.title == name; });
    if (target.empty() || found == columns_.end()) {
      faults.push_back(target.empty() ? absl::StrCat("--map '", map, "' is not COLUMN=FIELD")
                                      : absl::StrCat("--map: there is no column '", title, "'"));
      continue;
    }
    mapped.push_back(&*found);
    if (target != "-") Assign(*found, target, faults);
  }
  for (Column& column : columns_) {
    if (absl::c_linear_search(mapped, &column)) continue;
    Assign(column, FieldCalled(column.title).has_value() ? column.title : KeyFor(column.title), faults);
  }
}

void ContactColumns::SetTypes(const std::vector<std::string>& types, std::vector<std::string>& faults) {
  for (const std::string& assignment : types) {
    const auto [key, type] = SplitAtEquals(assignment);
    const auto found = absl::c_find_if(columns_, [&, &name = key](const Column& c) {
      return c.field == Field::kAttribute && (c.key == name || c.title == name);
    });
    if (found == columns_.end()) {
      faults.push_back(absl::StrCat("--type: there is no attribute '", key, "'"));
    } else if (type == "text") {
      found->type = Type::kText;
    } else if (type == "number") {
      found->type = Type::kNumber;
    } else if (type == "boolean") {
      found->type = Type::kBoolean;
    } else {
      faults.push_back(absl::StrCat("--type '", assignment, "' is not ATTRIBUTE=text, number or boolean"));
    }
  }
}

void ContactColumns::CheckWhole(std::vector<std::string>& faults) const {
  if (!Find(Field::kId).has_value()) {
    faults.emplace_back("there is no column 'id'; say which one it is by --map 'COLUMN=id'");
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (columns_[i].field == Field::kSkipped || columns_[i].field != columns_[k].field ||
          columns_[i].key != columns_[k].key) {
        continue;
      }
      faults.push_back(absl::StrCat("columns '", columns_[k].title, "' and '", columns_[i].title,
                                    "' are the same field; tell them apart by --map"));
    }
  }
}

absl::StatusOr<ContactColumns> ContactColumns::Make(const std::vector<std::string>& header,
                                                    const std::vector<std::string>& maps,
                                                    const std::vector<std::string>& types) {
  ContactColumns columns;
  for (const std::string& title : header) {
    columns.columns_.push_back({.title = std::string(absl::StripAsciiWhitespace(title)), .key = {}});
  }
  std::vector<std::string> faults;
  columns.Map(maps, faults);
  columns.SetTypes(types, faults);
  columns.CheckWhole(faults);
  if (!faults.empty()) return UsageError(absl::StrJoin(faults, "\n"));
  return columns;
}

ContactColumns::Type ContactColumns::GuessType(const std::vector<CsvRow>& rows, std::size_t column) {
  bool numbers = true;
  bool booleans = true;
  bool any = false;
  for (const CsvRow& row : rows) {
    if (column >= row.fields.size()) continue;
    const absl::string_view cell = absl::StripAsciiWhitespace(row.fields[column]);
    if (cell.empty()) continue;
    any = true;
    double number = 0;
    bool boolean = false;
    numbers = numbers && IsNumber(cell, number);
    booleans = booleans && IsBoolean(cell, boolean);
  }
  return !any ? Type::kText : numbers ? Type::kNumber : booleans ? Type::kBoolean : Type::kText;
}

void ContactColumns::GuessTypes(const std::vector<CsvRow>& rows) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].type == Type::kUnknown) columns_[i].type = GuessType(rows, i);
  }
}

absl::Status ContactColumns::ReadCell(const Column& column, const std::string& cell, absl::string_view tenant,
                                      v1::Contact& contact) {
  const auto consent = [&](v1::Invitation::Channel channel) {
    const absl::StatusOr<v1::Address::Consent> said = ReadConsent(cell);
    if (said.ok()) AddressOf(channel, contact).set_consent(*said);
    return said.status();
  };
  switch (column.field) {
    case Field::kSkipped:
      break;
    case Field::kId:
      contact.set_name(absl::StrCat(tenant, "/contacts/", EncodeId(cell)));
      break;
    case Field::kEmail:
      AddressOf(v1::Invitation::CHANNEL_EMAIL, contact).set_value(cell);
      break;
    case Field::kPhone:
      AddressOf(v1::Invitation::CHANNEL_SMS, contact).set_value(WithoutGrouping(cell));
      break;
    case Field::kLanguage:
      contact.set_language(cell);
      break;
    case Field::kTimeZone:
      contact.set_time_zone(cell);
      break;
    case Field::kConsentEmail:
      return consent(v1::Invitation::CHANNEL_EMAIL);
    case Field::kConsentSms:
      return consent(v1::Invitation::CHANNEL_SMS);
    case Field::kAttribute: {
      google::protobuf::Value& value = (*contact.mutable_attributes()->mutable_fields())[column.key];
      double number = 0;
      bool boolean = false;
      if (column.type == Type::kNumber) {
        if (!IsNumber(cell, number)) {
          return absl::InvalidArgumentError(absl::StrCat(
              "is not a number, as others of the column are; if it is text, say --type ", column.key, "=text"));
        }
        value.set_number_value(number);
      } else if (column.type == Type::kBoolean) {
        if (!IsBoolean(cell, boolean)) {
          return absl::InvalidArgumentError(
              absl::StrCat("is neither true nor false, as others of the column are; if it is text, say --type ",
                           column.key, "=text"));
        }
        value.set_bool_value(boolean);
      } else {
        value.set_string_value(cell);
      }
      break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Contact> ContactColumns::Read(const std::vector<std::string>& cells, absl::string_view tenant,
                                                 std::optional<std::size_t>& fault) const {
  fault.reset();
  if (cells.size() > columns_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the row has ", cells.size(), " cells, the header ", columns_.size()));
  }
  v1::Contact contact;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell(absl::StripAsciiWhitespace(cells[i]));
    if (cell.empty()) continue;
    fault = i;
    absl::Status status = ReadCell(columns_[i], cell, tenant, contact);
    if (!status.ok()) return status;
  }
  fault = Find(Field::kId);
  if (contact.name().empty()) return absl::InvalidArgumentError("is empty; every contact has an id");
  // What somebody said of an address that is not there.
  auto& addresses = *contact.mutable_addresses();
  addresses.erase(std::remove_if(addresses.begin(), addresses.end(),
                                 [](const v1::Address& address) { return address.value().empty(); }),
                  addresses.end());
  fault.reset();
  return contact;
}

std::optional<std::size_t> ContactColumns::Find(Field field) const {
  const auto found = absl::c_find_if(columns_, [&](const Column& c) { return c.field == field; });
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::optional<std::size_t> ContactColumns::ColumnOf(absl::string_view field, const v1::Contact& contact) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(field, absl::ByAnyChar(".[]"), absl::SkipEmpty());
  if (parts.empty()) return std::nullopt;
  if (parts[0] == "name") return Find(Field::kId);
  if (parts[0] == "language") return Find(Field::kLanguage);
  if (parts[0] == "time_zone") return Find(Field::kTimeZone);
  int index = 0;
  if (parts[0] == "addresses" && parts.size() > 1 && absl::SimpleAtoi(parts[1], &index) && index >= 0 &&
      index < contact.addresses_size()) {
    return Find(contact.addresses(index).channel() == v1::Invitation::CHANNEL_SMS ? Field::kPhone : Field::kEmail);
  }
  const auto found = absl::c_find_if(columns_, [&](const Column& column) {
    return parts.size() > 1 && column.field == Field::kAttribute && column.key == parts[1];
  });
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::string ContactColumns::Describe() const {
  static constexpr absl::string_view kFields[] = {
      "left out", "the id",    "the email",           "the phone",
      "language", "time_zone", "the consent to mail", "the consent to text messages"};
  static constexpr absl::string_view kTypes[] = {"text", "text", "number", "boolean"};
  return absl::StrJoin(columns_, ", ", [](std::string* text, const Column& column) {
    absl::StrAppend(text, "'", column.title, "' is ");
    if (column.field == Field::kAttribute) {
      absl::StrAppend(text, "attribute ", column.key, " (", kTypes[static_cast<int>(column.type)], ")");
    } else {
      absl::StrAppend(text, kFields[static_cast<int>(column.field)]);
    }
  });
}

}  // namespace canvass::cli
