<?php /* expect: product=wp-mail-smtp tls=opportunistic auth=any host=mail.example.com port=25 verify=full */
define( 'WPMS_ON', true );
define( 'WPMS_SMTP_HOST', 'mail.example.com' );
define( 'WPMS_SMTP_PORT', 25 );
define( 'WPMS_SSL', '' );
define( 'WPMS_SMTP_AUTH', true );
define( 'WPMS_SMTP_AUTOTLS', true );
define( 'WPMS_SMTP_USER', 'user' );
define( 'WPMS_SMTP_PASS', 's3cr3t-Zx81qy' );
define( 'WPMS_MAILER', 'smtp' );
