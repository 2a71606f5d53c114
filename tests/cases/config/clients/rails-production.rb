# expect: product=rails tls=implicit auth=plain host=mail.example.com port=465 verify=full
Rails.application.configure do
  config.action_mailer.delivery_method = :smtp
  config.action_mailer.smtp_settings = {
    address: 'mail.example.com',
    port: 465,
    user_name: 'user',
    password: 's3cr3t-Zx81qy',
    authentication: :plain,
    ssl: true
  }
end
