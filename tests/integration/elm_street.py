"""A site that collectors are provisioned for."""

COLLECTOR = "pk-246f28a1b2c3"
SECRET = "tUx9-green-lamp"
SITE = f"""
site: Elm Street 12
secret: {SECRET}
settings:
  wifi.ssid: meters
  wifi.password: correct horse battery
  mqtt.host: broker
collectors:
  {COLLECTOR}:
    meter.poll_s: 90
    homeassistant: false
  pk-000000000000:
    meter.poll_s: 60
"""
