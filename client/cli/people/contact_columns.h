// How the columns of a table become contacts.
//
//   absl::StatusOr<ContactColumns> columns = ContactColumns::Make(header, {"Kundennummer=id"}, {"zip=text"});
//   columns->GuessTypes(first_rows);
//   absl::StatusOr<v1::Contact> contact = columns->Read(row.fields, tenant, fault);
//
// Columns called id, email, phone, language, time_zone, consent_email and consent_sms are those fields, in whatever
// case and with spaces or hyphens; every other column is an attribute of its name. Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_PEOPLE_CONTACT_COLUMNS_H_
#define CANVASS_CLIENT_CLI_PEOPLE_CONTACT_COLUMNS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/contact.pb.h"
#include "client/cli/translations/csv.h"

namespace canvass::cli {

class ContactColumns {
 public:
  // `maps` are COLUMN=FIELD, where FIELD is one of those above, an attribute, or '-' for a column that is left out;
  // `types` are ATTRIBUTE=TYPE: text, number or boolean. UsageError with every fault.
  static absl::StatusOr<ContactColumns> Make(const std::vector<std::string>& header,
                                             const std::vector<std::string>& maps,
                                             const std::vector<std::string>& types);

  // Decides on the attributes whose type was not given: numbers or booleans if all of `rows` that have one are; text
  // otherwise. Digits that start with 0 or + are text: zip codes and telephone numbers.
  void GuessTypes(const std::vector<CsvRow>& rows);

  // The contact of a row; empty cells say nothing. InvalidArgument, and `fault` is the column at fault.
  absl::StatusOr<v1::Contact> Read(const std::vector<std::string>& cells, absl::string_view tenant,
                                   std::optional<std::size_t>& fault) const;

  // The column that the field of a violation comes from, such as `attributes.zip` or `addresses[0].value` of `contact`.
  std::optional<std::size_t> ColumnOf(absl::string_view field, const v1::Contact& contact) const;

  const std::string& Title(std::size_t column) const { return columns_[column].title; }
  // For people: "Kundennummer is id, zip is an attribute (text)".
  std::string Describe() const;

 private:
  enum class Field { kSkipped, kId, kEmail, kPhone, kLanguage, kTimeZone, kConsentEmail, kConsentSms, kAttribute };
  enum class Type { kUnknown, kText, kNumber, kBoolean };
  struct Column {
    std::string title;
    Field field = Field::kSkipped;
    // Of an attribute.
    std::string key;
    Type type = Type::kUnknown;
  };

  static std::optional<Field> FieldCalled(absl::string_view name);
  static Type GuessType(const std::vector<CsvRow>& rows, std::size_t column);
  void Assign(Column& column, absl::string_view target, std::vector<std::string>& faults);
  void Map(const std::vector<std::string>& maps, std::vector<std::string>& faults);
  void SetTypes(const std::vector<std::string>& types, std::vector<std::string>& faults);
  void CheckWhole(std::vector<std::string>& faults) const;
  std::optional<std::size_t> Find(Field field) const;
  static absl::Status ReadCell(const Column& column, const std::string& cell, absl::string_view tenant,
                               v1::Contact& contact);

  std::vector<Column> columns_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_PEOPLE_CONTACT_COLUMNS_H_
