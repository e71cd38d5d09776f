#include "tenants/tenant.h"

#include <gtest/gtest.h>

#include "server/base/error.h"

namespace canvass::tenants {
namespace {

TEST(ParseTimeZoneTest, TakesNamesOfTheIanaDatabase) {
  for (const char* name : {"UTC", "Europe/Prague", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Etc/GMT+8"}) {
    EXPECT_TRUE(ParseTimeZone("f", name).ok()) << name;
  }
}

TEST(ParseTimeZoneTest, RefusesWhatOnlyTheLibraryOrTheMachineKnows) {
  for (const char* name :
       {"", "Mars/Olympus", "localtime", "posix/Europe/Prague", "right/UTC", "Fixed/UTC+05:30:00", "libc:localtime",
        "/etc/localtime", "/usr/share/zoneinfo/UTC", "../zoneinfo/UTC", "Europe/../UTC", "Europe", "zone.tab",
        "Europe/Prague/", "Europe//Prague", "Europe/Prag\xc3\xbc", "file:UTC"}) {
    const absl::Status status = ParseTimeZone("tenant.time_zone", name).status();
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_FIELD) << name;
    ASSERT_EQ(ViolationsOf(status).size(), 1u);
    EXPECT_EQ(ViolationsOf(status)[0].field, "tenant.time_zone");
  }
  EXPECT_FALSE(ParseTimeZone("f", std::string(65, 'A')).ok());
}

TEST(ParseTenantNameTest, TakesATenantsNameAlone) {
  EXPECT_EQ(*ParseTenantName("name", "tenants/acme"), TenantId("acme"));
  for (const char* bad : {"", "acme", "tenants", "tenants/", "tenants/-", "tenants/acme/surveys/x", "tenants/acme/",
                          "projects/acme", "/tenants/acme"}) {
    EXPECT_EQ(ReasonOf(ParseTenantName("name", bad).status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME) << bad;
  }
}

TEST(ParseOwningTenantTest, TakesAnythingBelow) {
  EXPECT_EQ(*ParseOwningTenant("name", "tenants/acme"), TenantId("acme"));
  EXPECT_EQ(*ParseOwningTenant("name", "tenants/acme/apiKeys/k"), TenantId("acme"));
  EXPECT_EQ(ReasonOf(ParseOwningTenant("name", "tenants/-/apiKeys/k").status()),
            v1::ERROR_REASON_INVALID_RESOURCE_NAME);
}

TEST(ValidateNewTenantTest, ChecksIdNameAndZone) {
  v1::CreateTenantRequest request;
  request.set_tenant_id("acme");
  EXPECT_TRUE(ValidateNewTenant(request).ok());
  request.mutable_tenant()->set_time_zone("Nowhere/Land");
  EXPECT_EQ(ViolationsOf(ValidateNewTenant(request))[0].field, "tenant.time_zone");
  request.mutable_tenant()->set_display_name(std::string(201, 'x'));
  EXPECT_EQ(ViolationsOf(ValidateNewTenant(request))[0].field, "tenant.display_name");
  request.set_tenant_id("Acme");
  EXPECT_EQ(ReasonOf(ValidateNewTenant(request)), v1::ERROR_REASON_INVALID_IDENTIFIER);
}

}  // namespace
}  // namespace canvass::tenants
