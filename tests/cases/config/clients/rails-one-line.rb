# expect: product=rails tls=starttls auth=cram-md5 host=mail.example.com port=587
ActionMailer::Base.smtp_settings = { :address => 'mail.example.com', :port => 587, :user_name => 'user', :password => 's3cr3t-Zx81qy', :authentication => :cram_md5, :enable_starttls => true }
