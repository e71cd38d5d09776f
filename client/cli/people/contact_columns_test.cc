#include "client/cli/people/contact_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kTenant[] = "tenants/acme";

std::vector<CsvRow> Rows(const std::string& text) {
  const auto rows = ParseCsv(text);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.value_or(std::vector<CsvRow>());
}

// The columns of a table whose types were guessed by all of it.
ContactColumns Columns(const std::string& text, const std::vector<std::string>& maps = {},
                       const std::vector<std::string>& types = {}) {
  std::vector<CsvRow> rows = Rows(text);
  auto columns = ContactColumns::Make(rows.at(0).fields, maps, types);
  EXPECT_TRUE(columns.ok()) << columns.status();
  rows.erase(rows.begin());
  columns->GuessTypes(rows);
  return *std::move(columns);
}

v1::Contact Contact(const ContactColumns& columns, const std::string& row) {
  std::optional<std::size_t> fault;
  const auto contact = columns.Read(Rows(row).at(0).fields, kTenant, fault);
  EXPECT_TRUE(contact.ok()) << contact.status();
  EXPECT_FALSE(fault.has_value());
  return contact.value_or(v1::Contact());
}

TEST(ContactColumnsTest, ReadsEveryField) {
  const std::string table =
      "ID,E-Mail,Phone,Language,Time Zone,consent_email,Consent SMS,country,Order Total,vip\n"
      "a/1, jan@example.com ,+420 601-234 567,cs,Europe/Prague,yes,No,CZ,59.5,true\n";
  const ContactColumns columns = Columns(table);
  const v1::Contact contact =
      Contact(columns, "a/1, jan@example.com ,+420 601-234 567,cs,Europe/Prague,yes,No,CZ,59.5,true");
  EXPECT_EQ(contact.name(), "tenants/acme/contacts/a%2F1");
  EXPECT_EQ(contact.language(), "cs");
  EXPECT_EQ(contact.time_zone(), "Europe/Prague");
  ASSERT_THAT(contact.addresses(), SizeIs(2));
  EXPECT_EQ(contact.addresses(0).value(), "jan@example.com");
  EXPECT_EQ(contact.addresses(0).consent(), v1::Address::CONSENT_GRANTED);
  EXPECT_EQ(contact.addresses(1).value(), "+420601234567");
  EXPECT_EQ(contact.addresses(1).consent(), v1::Address::CONSENT_DENIED);
  EXPECT_EQ(contact.attributes().fields().at("country").string_value(), "CZ");
  EXPECT_EQ(contact.attributes().fields().at("Order_Total").number_value(), 59.5);
  EXPECT_TRUE(contact.attributes().fields().at("vip").bool_value());
  EXPECT_THAT(columns.Describe(), HasSubstr("'Order Total' is attribute Order_Total (number)"));
}

TEST(ContactColumnsTest, ReadsTelephoneNumbersAsPeopleGroupThem) {
  const ContactColumns columns = Columns("id,phone\n1,+44 (0)20 7946-0958\n");
  for (const char* number : {"+44 (0)20 7946-0958", "+44.20.7946.0958", "+442079460958", "+44 20/79460958"}) {
    EXPECT_EQ(Contact(columns, absl::StrCat("1,", number)).addresses(0).value(), "+442079460958") << number;
  }
}

TEST(ContactColumnsTest, GuessesAColumnAsAWhole) {
  using Kind = google::protobuf::Value::KindCase;
  struct {
    std::string cells;
    Kind kind;
  } cases[] = {
      {"1\n2\n", google::protobuf::Value::kNumberValue},
      {"1\n\"\"\n-2.50\n", google::protobuf::Value::kNumberValue},
      {"1\n2a\n", google::protobuf::Value::kStringValue},
      {"12345\n01600\n", google::protobuf::Value::kStringValue},
      {"+420601234567\n", google::protobuf::Value::kStringValue},
      {"12345678901234567890\n", google::protobuf::Value::kStringValue},
      {"1e5\n", google::protobuf::Value::kStringValue},
      {"0\n0.5\n", google::protobuf::Value::kNumberValue},
      {"TRUE\nfalse\n", google::protobuf::Value::kBoolValue},
      {"true\n1\n", google::protobuf::Value::kStringValue},
      {"NaN\n", google::protobuf::Value::kStringValue},
  };
  for (const auto& c : cases) {
    std::string table = "id,x\n";
    for (const CsvRow& row : Rows("x\n" + c.cells)) {
      if (row.line > 1) table += "1," + row.fields[0] + "\n";
    }
    const ContactColumns columns = Columns(table);
    const std::vector<CsvRow> rows = Rows(table);
    EXPECT_EQ(Contact(columns, "1," + rows[1].fields[1]).attributes().fields().at("x").kind_case(), c.kind) << c.cells;
  }
}

TEST(ContactColumnsTest, TakesWhatItIsTold) {
  const ContactColumns columns = Columns("Kundennummer;Größe;Notiz;zip\nk1;5;x;1600\n",
                                         {"Kundennummer=id", "Größe=size", "Notiz=-"}, {"zip=text"});
  const v1::Contact contact = Contact(columns, "k1;5;x;1600");
  EXPECT_EQ(contact.name(), "tenants/acme/contacts/k1");
  EXPECT_EQ(contact.attributes().fields().size(), 2u);
  EXPECT_EQ(contact.attributes().fields().at("size").number_value(), 5);
  EXPECT_EQ(contact.attributes().fields().at("zip").string_value(), "1600");
}

TEST(ContactColumnsTest, RefusesFlagsAndHeadersThatDoNotFit) {
  const std::vector<std::string> header = {"id", "a b", "a_b"};
  EXPECT_THAT(std::string(ContactColumns::Make(header, {}, {}).status().message()), HasSubstr("are the same field"));
  struct {
    std::vector<std::string> header;
    std::vector<std::string> maps;
    std::vector<std::string> types;
    std::string says;
  } cases[] = {
      {{"name"}, {}, {}, "no column 'id'"},
      {{"id", "名前"}, {}, {}, "--map '名前=NAME'"},
      {{"id"}, {"nr=id"}, {}, "no column 'nr'"},
      {{"id"}, {"id"}, {}, "not COLUMN=FIELD"},
      {{"id", "zip"}, {}, {"zip=date"}, "text, number or boolean"},
      {{"id", "zip"}, {}, {"city=text"}, "no attribute 'city'"},
      {{"id", "email", "E-Mail"}, {}, {}, "are the same field"},
  };
  for (const auto& c : cases) {
    const absl::Status status = ContactColumns::Make(c.header, c.maps, c.types).status();
    EXPECT_TRUE(IsUsageError(status)) << c.says;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.says));
  }
}

TEST(ContactColumnsTest, NamesTheCellAtFault) {
  const ContactColumns columns = Columns("id,total,consent_email,email\n1,5,yes,a@example.com\n");
  struct {
    std::string row;
    std::optional<std::size_t> column;
    std::string says;
  } cases[] = {
      {"1,five,yes,a@example.com", 1, "--type total=text"},
      {"1,5,maybe,a@example.com", 2, "yes, no or empty"},
      {",5,yes,a@example.com", 0, "is empty"},
      {"1,5,yes,a@example.com,6", std::nullopt, "has 5 cells, the header 4"},
  };
  for (const auto& c : cases) {
    std::optional<std::size_t> fault;
    const auto contact = columns.Read(Rows(c.row).at(0).fields, kTenant, fault);
    EXPECT_EQ(contact.status().code(), absl::StatusCode::kInvalidArgument) << c.row;
    EXPECT_EQ(fault, c.column) << c.row;
    EXPECT_THAT(std::string(contact.status().message()), HasSubstr(c.says));
  }
  const v1::Contact contact = Contact(columns, "1,5,no,a@example.com");
  EXPECT_EQ(columns.ColumnOf("addresses[0].value", contact), 3u);
  EXPECT_EQ(columns.ColumnOf("attributes.total", contact), 1u);
  EXPECT_EQ(columns.ColumnOf("name", contact), 0u);
  EXPECT_EQ(columns.ColumnOf("language", contact), std::nullopt);
  EXPECT_THAT(Contact(columns, "1,5,no,").addresses(), SizeIs(0)) << "consent to nothing";
}

TEST(CsvStreamTest, ReadsRecordByRecord) {
  std::istringstream input(
      "\xEF\xBB\xBF"
      "id;text\r\n1;\"two\nlines; \"\"quoted\"\"\"\r\n\r\n2;x\n3;\"bad\"y\n4;\xff\n5;last");
  CsvStream rows(input);
  const auto next = [&]() -> std::vector<std::string> {
    const auto row = rows.Next();
    if (!row.ok()) return {"error", std::string(row.status().message())};
    if (!row->has_value()) return {"end"};
    std::vector<std::string> found = (*row)->fields;
    found.insert(found.begin(), std::to_string((*row)->line));
    return found;
  };
  EXPECT_THAT(next(), ElementsAre("1", "id", "text"));
  EXPECT_THAT(next(), ElementsAre("2", "1", "two\nlines; \"quoted\""));
  EXPECT_THAT(next(), ElementsAre("5", "2", "x"));
  EXPECT_THAT(next(), ElementsAre("error", HasSubstr("6: ")));
  EXPECT_THAT(next(), ElementsAre("error", HasSubstr("7: this is not UTF-8")));
  EXPECT_THAT(next(), ElementsAre("8", "5", "last"));
  EXPECT_THAT(next(), ElementsAre("end"));
}

}  // namespace
}  // namespace canvass::cli
